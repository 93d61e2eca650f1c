import { X } from 'lucide-react';
import { t } from '@/locales/text';
import type { ListControl } from '@/resource/form/FormFields';
import { RoleSelect } from './RoleSelect';

/** Several roles: what is chosen, and one more to add. */
export function RolePicker({ label, value, error, onChange }: ListControl) {
  return (
    <fieldset className="grid gap-2 rounded-lg border border-line p-4">
      <legend className="px-1 text-sm font-medium">{label}</legend>
      {value.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {value.map((name) => (
            <li
              key={name}
              className="flex items-center rounded-full bg-accent-soft pl-3 text-sm text-accent-strong"
            >
              {name}
              <button
                type="button"
                aria-label={t('users.removeRoleOf', { role: name })}
                onClick={() => onChange(value.filter((other) => other !== name))}
                className="grid size-8 place-items-center rounded-full touch:size-11"
              >
                <X className="size-4" aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <RoleSelect
        value=""
        isRequired={false}
        without={value}
        onChange={(name) => name && onChange([...value, name])}
      />
      {error && <p className="text-sm text-danger">{error}</p>}
    </fieldset>
  );
}
