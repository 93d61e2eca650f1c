import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { can } from '@/access/can';
import { useMe } from '@/access/useSession';
import { answer, api } from '@/api/client';
import { t } from '@/locales/text';
import { Checkbox } from '@/ui/Checkbox';
import { controlLook, Field } from '@/ui/Field';

const listPermissions = () => answer(api.GET('/api/v1/permissions', { params: { query: { limit: 200 } } }));

interface Properties {
  label: string;
  error: string | undefined;
}

/** What a key is to permit: all that its owner may do, or some of what one may do oneself. */
export function KeyScope({ label, error }: Properties) {
  const { permissions } = useMe();
  const [isChosen, setChosen] = useState(false);
  const catalogue = useQuery({
    queryKey: ['permissions'],
    queryFn: listPermissions,
    staleTime: Infinity,
    enabled: can(permissions, 'roles:read'),
  });
  const known = catalogue.data?.items.map(({ name }) => name) ?? [];
  const own = permissions.filter((permission) => permission !== '*');
  const offered = [...new Set([...known.filter((name) => can(permissions, name)), ...own])];
  return (
    <fieldset
      tabIndex={-1}
      aria-invalid={error ? true : undefined}
      className="grid gap-2 rounded-xl border border-line p-4 aria-invalid:border-danger"
    >
      <legend className="px-1 text-sm font-medium">{label}</legend>
      {error && <p className="text-sm text-danger">{error}</p>}
      <Choice
        value="all"
        label={t('apiKeys.scopeAll')}
        isChosen={!isChosen}
        onChoose={() => setChosen(false)}
      />
      <Choice
        value="chosen"
        label={t('apiKeys.scopeChosen')}
        isChosen={isChosen}
        onChoose={() => setChosen(true)}
      />
      {isChosen && (
        <div className="grid gap-3 pl-7">
          <div>
            {offered.map((name) => (
              <Checkbox
                key={name}
                name="permission"
                value={name}
                label={<code className="text-sm wrap-anywhere">{name}</code>}
              />
            ))}
          </div>
          <Field label={t('apiKeys.patterns')} help={t('apiKeys.patternsHelp')} optional>
            {(control) => (
              <textarea
                name="patterns"
                rows={2}
                autoCapitalize="none"
                spellCheck={false}
                {...control}
                className={`${controlLook} h-auto py-2 touch:h-auto`}
              />
            )}
          </Field>
        </div>
      )}
    </fieldset>
  );
}

interface ChoiceProperties {
  value: string;
  label: string;
  isChosen: boolean;
  onChoose: () => void;
}

function Choice({ value, label, isChosen, onChoose }: ChoiceProperties) {
  return (
    <label className="flex items-start gap-2.5 py-1 touch:py-2.5">
      <input
        type="radio"
        name="scope"
        value={value}
        checked={isChosen}
        onChange={onChoose}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      {label}
    </label>
  );
}
