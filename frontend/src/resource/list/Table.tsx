import { t } from '@/locales/text';
import { ColumnHead } from './ColumnHead';
import type { ListDescriptor } from './descriptor';
import { RowCheckbox } from './RowCheckbox';
import { TableRow } from './TableRow';
import type { Selection } from './useSelection';

interface Properties<Row> {
  descriptor: ListDescriptor<Row>;
  rows: readonly Row[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selection: Selection | null;
  isBusy: boolean;
}

export function Table<Row>({ descriptor, rows, sort, onSort, selection, isBusy }: Properties<Row>) {
  const { columns, details, keyOf } = descriptor;
  return (
    <table aria-label={descriptor.title} aria-busy={isBusy} className="w-full text-left">
      <thead className="border-b border-line text-sm text-muted">
        <tr>
          {selection && (
            <th className="w-11 pl-3 sm:pl-4">
              <RowCheckbox
                label={t('resource.selectAll')}
                checked={rows.length > 0 && selection.keys.size === rows.length}
                onChange={(isChecked) => selection.replace(isChecked ? rows.map(keyOf) : [])}
              />
            </th>
          )}
          {columns.map((column) => (
            <ColumnHead key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
          {details && (
            <th className="w-11 pr-2 sm:pr-3">
              <span className="sr-only">{t('resource.details')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody className={isBusy ? 'opacity-60 transition-opacity' : undefined}>
        {rows.map((row) => (
          <TableRow key={keyOf(row)} row={row} descriptor={descriptor} selection={selection} />
        ))}
      </tbody>
    </table>
  );
}
