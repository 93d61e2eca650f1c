import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';
import { t } from '@/locales/text';
import { buttonLook } from '@/ui/buttonLook';
import { cellLook } from './cellLook';
import { visibilityOf } from './columnVisibility';
import type { ListDescriptor } from './descriptor';
import { RowCheckbox } from './RowCheckbox';
import type { Selection } from './useSelection';

interface Properties<Row> {
  row: Row;
  descriptor: ListDescriptor<Row>;
  selection: Selection | null;
}

export function TableRow<Row>({ row, descriptor, selection }: Properties<Row>) {
  const { columns, details, keyOf, labelOf } = descriptor;
  const [isUnfolded, setUnfolded] = useState(false);
  const detailsId = useId();
  return (
    <>
      <tr className="border-t border-line first:border-0 hover:bg-canvas">
        {selection && (
          <td className="pl-3 align-middle sm:pl-4">
            <RowCheckbox
              label={t('resource.selectRow', { name: labelOf(row) })}
              checked={selection.keys.has(keyOf(row))}
              onChange={() => selection.toggle(keyOf(row))}
            />
          </td>
        )}
        {columns.map((column) => (
          <td
            key={column.id}
            className={`${cellLook} py-2.5 align-middle break-words ${visibilityOf(column)}`}
          >
            {column.render(row)}
          </td>
        ))}
        {details && (
          <td className="pr-2 text-right sm:pr-3">
            <button
              type="button"
              aria-label={details.label(row)}
              aria-expanded={isUnfolded}
              aria-controls={isUnfolded ? detailsId : undefined}
              onClick={() => setUnfolded(!isUnfolded)}
              className={buttonLook({ variant: 'quiet', size: 'icon' })}
            >
              <ChevronDown
                className={`size-4.5 transition-transform ${isUnfolded ? 'rotate-180' : ''}`}
                aria-hidden="true"
              />
            </button>
          </td>
        )}
      </tr>
      {details && isUnfolded && (
        <tr id={detailsId}>
          <td colSpan={columns.length + 1} className="bg-canvas px-4 pb-3 sm:px-5">
            {details.render(row)}
          </td>
        </tr>
      )}
    </>
  );
}
