import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { t } from '@/locales/text';
import type { Column, ListDescriptor } from './descriptor';
import { nextSort, sortingOf } from './sorting';
import type { Selection } from './useSelection';

interface Properties<Row> {
  descriptor: ListDescriptor<Row>;
  rows: readonly Row[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selection: Selection | null;
  isBusy: boolean;
}

const visibility = { phone: '', tablet: 'hidden md:table-cell', desktop: 'hidden xl:table-cell' };

export function Table<Row>({ descriptor, rows, sort, onSort, selection, isBusy }: Properties<Row>) {
  const { columns, keyOf, labelOf } = descriptor;
  return (
    <table aria-label={descriptor.title} aria-busy={isBusy} className="w-full text-left">
      <thead className="border-b border-line text-sm text-muted">
        <tr>
          {selection && (
            <th className="w-11 pl-2">
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
        </tr>
      </thead>
      <tbody className={isBusy ? 'opacity-60 transition-opacity' : undefined}>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-b border-line last:border-0 hover:bg-canvas">
            {selection && (
              <td className="pl-2 align-middle">
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
                className={`max-w-64 px-3 py-2.5 align-middle break-words ${visibility[column.from ?? 'phone']}`}
              >
                {column.render(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ColumnHeadProperties<Row> {
  column: Column<Row>;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

function ColumnHead<Row>({ column, sort, onSort }: ColumnHeadProperties<Row>) {
  const sorting = sortingOf(sort);
  const direction = column.sort && sorting?.field === column.sort ? sorting.direction : null;
  const Icon = direction === 'asc' ? ArrowUp : direction === 'desc' ? ArrowDown : ChevronsUpDown;
  const field = column.sort;
  return (
    <th
      aria-sort={direction ? ariaSort[direction] : undefined}
      className={`px-3 py-1 font-medium ${visibility[column.from ?? 'phone']}`}
    >
      {field ? (
        <button
          type="button"
          onClick={() => onSort(nextSort(sort, field))}
          className={`-mx-2 inline-flex h-9 items-center gap-1 rounded-md px-2 hover:bg-sunken hover:text-ink touch:h-11 ${direction ? 'text-ink' : ''}`}
        >
          {column.label}
          <Icon className={`size-3.5 ${direction ? '' : 'opacity-60'}`} aria-hidden="true" />
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}

interface RowCheckboxProperties {
  label: string;
  checked: boolean;
  onChange: (isChecked: boolean) => void;
}

function RowCheckbox({ label, checked, onChange }: RowCheckboxProperties) {
  return (
    <label className="grid size-9 place-items-center touch:size-11">
      <input
        type="checkbox"
        aria-label={label}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4.5 accent-accent"
      />
    </label>
  );
}
