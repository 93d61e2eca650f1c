import { ChevronLeft, ChevronRight, ChevronsLeft } from 'lucide-react';
import type { Page } from '@/api/types';
import { formatCount, t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { controlLook } from '@/ui/Field';
import { defaultPageSize, type ListState, pageSizes } from './listState';

interface Properties {
  page: Page<unknown>;
  state: ListState;
  onChange: (change: Partial<ListState>) => void;
}

export function Pager({ page: shown, state, onChange }: Properties) {
  const { page = 1, limit = defaultPageSize } = state;
  const before = (page - 1) * limit;
  const total = formatCount(shown.total);
  const hasNext = shown.next_cursor !== null && shown.next_cursor !== undefined;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-1 text-sm text-muted">
      <label className="flex items-center gap-2">
        {t('resource.pageSize')}
        <select
          value={limit}
          onChange={(event) => onChange({ limit: Number(event.target.value) })}
          className={`${controlLook} w-auto py-0`}
        >
          {pageSizes.map((size) => (
            <option key={size}>{size}</option>
          ))}
        </select>
      </label>
      <div className="flex items-center gap-1">
        <span role="status" className="mr-2 tabular-nums">
          {t('resource.range', {
            from: formatCount(shown.items.length > 0 ? before + 1 : 0),
            to: formatCount(before + shown.items.length),
            total: shown.total_is_estimate ? t('resource.estimate', { total }) : total,
          })}
        </span>
        <PageButton
          label={t('resource.first')}
          icon={ChevronsLeft}
          disabled={page <= 1}
          onClick={() => onChange({ page: 1 })}
        />
        <PageButton
          label={t('resource.previous')}
          icon={ChevronLeft}
          disabled={page <= 1}
          onClick={() => onChange({ page: page - 1 })}
        />
        <PageButton
          label={t('resource.next')}
          icon={ChevronRight}
          disabled={!hasNext}
          onClick={() => onChange({ page: page + 1 })}
        />
      </div>
    </div>
  );
}

interface PageButtonProperties {
  label: string;
  icon: typeof ChevronLeft;
  disabled: boolean;
  onClick: () => void;
}

function PageButton({ label, icon: Icon, disabled, onClick }: PageButtonProperties) {
  return (
    <Button size="icon" aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon className="size-4.5" aria-hidden="true" />
    </Button>
  );
}
