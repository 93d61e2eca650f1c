import type { ReactNode } from 'react';
import { counted, t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { SectionProblem } from '../SectionProblem';
import type { ListDescriptor } from './descriptor';
import { FilterBuilder } from './FilterBuilder';
import { FilterChips } from './FilterChips';
import { isNarrowed, type ListState } from './listState';
import { Pager } from './Pager';
import { SearchBox } from './SearchBox';
import { SortSelect } from './SortSelect';
import { Table } from './Table';
import { useListState } from './useListState';
import { usePage } from './usePage';
import { useSelection } from './useSelection';

interface Properties<Row> {
  descriptor: ListDescriptor<Row>;
  /** What stands beside the search: an export, say. */
  tools?: (state: ListState) => ReactNode;
  /** What may be done with the rows that are ticked; without it there is nothing to tick. */
  bulk?: (keys: string[], clear: () => void) => ReactNode;
}

/** Search, filters, sorting, paging and selection for any resource. */
export function ResourceList<Row>({ descriptor, tools, bulk }: Properties<Row>) {
  const [state, setState] = useListState();
  const { data, error, isFetching, refetch } = usePage(descriptor, state);
  const rows = data?.items ?? [];
  const selection = useSelection(rows.map(descriptor.keyOf));
  const filters = state.filter ?? [];
  const search = (q: string) => setState({ q }, 'replace');

  return (
    <div className="mt-6 grid gap-4">
      <div className="flex flex-wrap gap-2">
        <SearchBox value={state.q ?? ''} hint={descriptor.searchHint} onChange={search} />
        <FilterBuilder
          fields={descriptor.filters}
          onAdd={(filter) => setState({ filter: [...new Set([...filters, filter])] })}
        />
        <SortSelect columns={descriptor.columns} sort={state.sort} onSort={(sort) => setState({ sort })} />
        {tools?.(state)}
      </div>
      <FilterChips
        filters={filters}
        fields={descriptor.filters}
        onChange={(filter) => setState({ filter })}
      />
      {bulk && selection.keys.size > 0 && (
        <div className="flex flex-wrap items-center gap-2 rounded-xl bg-accent-soft px-4 py-2">
          <span role="status" className="mr-2 font-medium text-accent-strong">
            {counted('resource.selected', selection.keys.size)}
          </span>
          {bulk([...selection.keys], () => selection.replace([]))}
          <Button variant="quiet" size="small" onClick={() => selection.replace([])}>
            {t('resource.clearSelection')}
          </Button>
        </div>
      )}
      {error && !data ? (
        <SectionProblem error={error} retry={() => void refetch()} />
      ) : (
        <div className="overflow-x-auto rounded-2xl border border-line bg-surface">
          {!data ? (
            <div className="px-4 py-2">
              <Skeleton lines={10} />
            </div>
          ) : rows.length === 0 ? (
            <Nothing descriptor={descriptor} state={state} onChange={setState} />
          ) : (
            <Table
              descriptor={descriptor}
              rows={rows}
              sort={state.sort}
              onSort={(sort) => setState({ sort })}
              selection={bulk ? selection : null}
              isBusy={isFetching}
            />
          )}
        </div>
      )}
      {rows.length > 0 && data && <Pager page={data} state={state} onChange={setState} />}
    </div>
  );
}

interface NothingProperties<Row> {
  descriptor: ListDescriptor<Row>;
  state: ListState;
  onChange: (change: Partial<ListState>) => void;
}

function Nothing<Row>({ descriptor, state, onChange }: NothingProperties<Row>) {
  const icon = <descriptor.icon className="size-6" aria-hidden="true" />;
  if (state.page && state.page > 1) {
    return (
      <EmptyState icon={icon} title={t('resource.beyondTitle')}>
        <Button onClick={() => onChange({ page: 1 })}>{t('resource.first')}</Button>
      </EmptyState>
    );
  }
  if (!isNarrowed(state)) {
    return (
      <EmptyState icon={icon} title={t('resource.emptyTitle')}>
        <p>{descriptor.empty}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title={t('resource.noMatchTitle')}>
      <p>{t('resource.noMatch')}</p>
      <Button onClick={() => onChange({ q: '', filter: [] })}>{t('resource.clearAll')}</Button>
    </EmptyState>
  );
}
