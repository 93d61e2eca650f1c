import { useCan } from '@/access/useSession';
import { t } from '@/locales/text';
import { Combobox } from '@/ui/Combobox';
import { useRoleNames } from './useRoleNames';

interface Properties {
  value: string;
  onChange: (name: string) => void;
  /** Roles that there is no sense in choosing again. */
  without?: readonly string[];
  isRequired?: boolean;
}

/** One role by its name; whoever may not read the roles can still write one. */
export function RoleSelect({ value, onChange, without = [], isRequired = true }: Properties) {
  const mayRead = useCan()('roles:read');
  const { names, hasMore, search } = useRoleNames(mayRead);
  return (
    <Combobox
      label={t('users.chooseRole')}
      value={value}
      options={names.filter((name) => !without.includes(name))}
      note={hasMore ? t('users.moreRoles') : undefined}
      isOpenEnded={!mayRead}
      required={isRequired}
      onSearch={search}
      onChange={onChange}
    />
  );
}
