import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
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
  const [chosen, setChosen] = useState(value);
  const [typed, setTyped] = useState('');
  const catalogue = useQuery({ queryKey: ['permissions'], queryFn: listPermissions, staleTime: Infinity });
  if (catalogue.error)
    return <SectionProblem error={catalogue.error} retry={() => void catalogue.refetch()} />;
  if (!catalogue.data) return <Skeleton />;

  const known = new Set(catalogue.data.items.map(({ name }) => name));
  const patterns = chosen.filter((permission) => !known.has(permission));
  const without = (permission: string) => chosen.filter((other) => other !== permission);

  /** What is typed counts before it is added: a form that is sent with it would else lose it without a word. */
  function change(permissions: readonly string[], text = typed) {
    setChosen(permissions);
    setTyped(text);
    onChange(withPattern(permissions, text));
  }

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
                  checked={chosen.includes(name) || pattern !== undefined}
                  disabled={pattern !== undefined}
                  onChange={(event) => change(event.target.checked ? [...chosen, name] : without(name))}
                />
              );
            })}
          </fieldset>
        ))}
      </div>
      <PatternEditor
        patterns={patterns}
        typed={typed}
        onType={(text) => change(chosen, text)}
        onAdd={(pattern) => change(withPattern(chosen, pattern), '')}
        onRemove={(pattern) => change(without(pattern))}
      />
    </fieldset>
  );
}

function withPattern(permissions: readonly string[], text: string): readonly string[] {
  const pattern = text.trim();
  return pattern === '' ? permissions : [...new Set([...permissions, pattern])];
}
