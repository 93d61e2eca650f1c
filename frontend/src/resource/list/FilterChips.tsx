import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { RemovableChips } from '@/ui/RemovableChips';
import type { FilterField } from './descriptor';
import { parseFilter } from './filter';
import { describeFilter } from './filterOperators';

interface Properties {
  filters: readonly string[];
  fields: readonly FilterField[];
  onChange: (filters: string[]) => void;
}

/** The filters that hold, in words; one that was written by hand is shown as it was written. */
export function FilterChips({ filters, fields, onChange }: Properties) {
  if (filters.length === 0) return null;
  const byDescription = new Map(filters.map((text) => [describe(text, fields), text]));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RemovableChips
        values={[...byDescription.keys()]}
        removeLabel={(filter) => t('resource.removeFilter', { filter })}
        onRemove={(description) =>
          onChange(filters.filter((text) => text !== byDescription.get(description)))
        }
      />
      <Button variant="quiet" size="small" onClick={() => onChange([])}>
        {t('resource.clearFilters')}
      </Button>
    </div>
  );
}

function describe(text: string, fields: readonly FilterField[]): string {
  const filter = parseFilter(text);
  const field = filter && fields.find((candidate) => candidate.field === filter.field);
  return filter && field ? describeFilter(field, filter) : text;
}
