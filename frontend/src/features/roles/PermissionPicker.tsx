import { useQuery } from '@tanstack/react-query';
import { covers } from '@/access/can';
import { t } from '@/locales/text';
import type { ListControl } from '@/resource/form/FormFields';
import { SectionProblem } from '@/resource/SectionProblem';
import { Checkbox } from '@/ui/Checkbox';
import { Skeleton } from '@/ui/Skeleton';
import { PatternEditor } from './PatternEditor';
import { byArea } from './permissionAreas';
import { listPermissions } from './rolesApi';

/** The catalogue to tick, and room for the patterns that no catalogue can list. */
export function PermissionPicker({ label, value, error, onChange }: ListControl) {
  const catalogue = useQuery({ queryKey: ['permissions'], queryFn: listPermissions, staleTime: Infinity });
  if (catalogue.error)
    return <SectionProblem error={catalogue.error} retry={() => void catalogue.refetch()} />;
  if (!catalogue.data) return <Skeleton />;

  const known = new Set(catalogue.data.items.map(({ name }) => name));
  const patterns = value.filter((permission) => !known.has(permission));
  const without = (permission: string) => value.filter((other) => other !== permission);
  return (
    <fieldset
      tabIndex={-1}
      aria-invalid={error ? true : undefined}
      className="grid gap-5 rounded-xl border border-line p-4 aria-invalid:border-danger"
    >
      <legend className="px-1 text-sm font-medium">{label}</legend>
      {error && <p className="text-sm text-danger">{error}</p>}
      <div className="grid gap-5 sm:grid-cols-2">
        {byArea(catalogue.data.items).map(({ area, permissions }) => (
          <fieldset key={area} className="min-w-0">
            <legend className="mb-1 text-sm font-semibold">{area}</legend>
            {permissions.map(({ name, description }) => {
              const pattern = patterns.find((candidate) => covers(candidate, name));
              return (
                <Checkbox
                  key={name}
                  label={<code className="text-sm">{name}</code>}
                  help={pattern ? t('roles.covered', { pattern }) : description}
                  checked={value.includes(name) || pattern !== undefined}
                  disabled={pattern !== undefined}
                  onChange={(event) => onChange(event.target.checked ? [...value, name] : without(name))}
                />
              );
            })}
          </fieldset>
        ))}
      </div>
      <PatternEditor
        patterns={patterns}
        onAdd={(pattern) => onChange([...new Set([...value, pattern])])}
        onRemove={(pattern) => onChange(without(pattern))}
      />
    </fieldset>
  );
}
