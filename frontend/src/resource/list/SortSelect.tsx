import { t } from '@/locales/text';
import { controlLook } from '@/ui/Field';
import type { Column } from './descriptor';

interface Properties {
  columns: readonly Pick<Column<unknown>, 'label' | 'sort'>[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

/** Sorting where the columns have no room for their heads. */
export function SortSelect({ columns, sort, onSort }: Properties) {
  return (
    <select
      aria-label={t('resource.sortBy')}
      value={sort ?? ''}
      onChange={(event) => onSort(event.target.value || undefined)}
      className={`${controlLook} w-auto min-w-0 flex-1 basis-24 md:hidden`}
    >
      <option value="">{t('resource.sortNone')}</option>
      {columns.flatMap(({ label, sort: field }) =>
        field
          ? [
              <option key={field} value={field}>
                {label} ↑
              </option>,
              <option key={`-${field}`} value={`-${field}`}>
                {label} ↓
              </option>,
            ]
          : [],
      )}
    </select>
  );
}
