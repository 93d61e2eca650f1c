import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { cellLook } from './cellLook';
import { visibilityOf } from './columnVisibility';
import type { Column } from './descriptor';
import { nextSort, sortingOf } from './sorting';

interface Properties<Row> {
  column: Column<Row>;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;
const icons = { asc: ArrowUp, desc: ArrowDown };

export function ColumnHead<Row>({ column, sort, onSort }: Properties<Row>) {
  const { label, sort: field } = column;
  const look = `${cellLook} h-11 font-medium ${visibilityOf(column)}`;
  if (!field) return <th className={look}>{label}</th>;

  const sorting = sortingOf(sort);
  const direction = sorting?.field === field ? sorting.direction : null;
  const Icon = direction ? icons[direction] : ChevronsUpDown;
  return (
    <th aria-sort={direction ? ariaSort[direction] : undefined} className={look}>
      <button
        type="button"
        onClick={() => onSort(nextSort(sort, field))}
        className={`-mx-2 inline-flex h-9 items-center gap-1 rounded-md px-2 whitespace-nowrap hover:bg-sunken hover:text-ink touch:h-11 ${direction ? 'text-ink' : ''}`}
      >
        {label}
        <Icon className={`size-3.5 ${direction ? '' : 'opacity-60'}`} aria-hidden="true" />
      </button>
    </th>
  );
}
