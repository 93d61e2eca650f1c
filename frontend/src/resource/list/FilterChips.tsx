import { X } from 'lucide-react';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import type { FilterField } from './descriptor';
import { parseFilter } from './filter';
import { describeFilter } from './filterOperators';

interface Properties {
  filters: readonly string[];
  fields: readonly FilterField[];
  onChange: (filters: string[]) => void;
}

export function FilterChips({ filters, fields, onChange }: Properties) {
  if (filters.length === 0) return null;
  return (
    <ul className="flex flex-wrap items-center gap-2">
      {filters.map((text) => {
        const filter = parseFilter(text);
        const field = filter && fields.find((candidate) => candidate.field === filter.field);
        const description = filter && field ? describeFilter(field, filter) : text;
        return (
          <li
            key={text}
            className="flex min-w-0 items-center rounded-full bg-accent-soft pl-3 text-sm text-accent-strong"
          >
            <span className="truncate">{description}</span>
            <button
              type="button"
              aria-label={t('resource.removeFilter', { filter: description })}
              onClick={() => onChange(filters.filter((other) => other !== text))}
              className="grid size-8 shrink-0 place-items-center rounded-full touch:size-11"
            >
              <X className="size-4" aria-hidden="true" />
            </button>
          </li>
        );
      })}
      <li>
        <Button variant="quiet" size="small" onClick={() => onChange([])}>
          {t('resource.clearFilters')}
        </Button>
      </li>
    </ul>
  );
}
