import { t } from '@/locales/text';
import type { ListControl } from '@/resource/form/FormFields';
import { RemovableChips } from '@/ui/RemovableChips';
import { RoleSelect } from './RoleSelect';

/** Several roles: what is chosen, and one more to add. */
export function RolePicker({ label, value, error, onChange }: ListControl) {
  return (
    <fieldset
      tabIndex={-1}
      aria-invalid={error ? true : undefined}
      className="grid gap-3 rounded-xl border border-line p-4 aria-invalid:border-danger"
    >
      <legend className="px-1 text-sm font-medium">{label}</legend>
      <RemovableChips
        values={value}
        removeLabel={(role) => t('users.removeRoleOf', { role })}
        onRemove={(role) => onChange(value.filter((other) => other !== role))}
      />
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
