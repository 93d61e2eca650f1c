import { useQuery } from '@tanstack/react-query';
import { useCan } from '@/access/useSession';
import { t } from '@/locales/text';
import { SelectField } from '@/ui/SelectField';
import { TextField } from '@/ui/TextField';
import { listRoleNames } from './usersApi';

interface Properties {
  value: string;
  onChange: (name: string) => void;
  /** Roles that there is no sense in choosing again. */
  without?: readonly string[];
  isRequired?: boolean;
}

/** One role by its name; whoever may not read the roles can still type one. */
export function RoleSelect({ value, onChange, without = [], isRequired = true }: Properties) {
  const mayRead = useCan()('roles:read');
  const { data: names = [] } = useQuery({
    queryKey: ['roles', 'names'],
    queryFn: listRoleNames,
    enabled: mayRead,
  });
  const shared = {
    label: t('users.chooseRole'),
    value,
    required: isRequired,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (!mayRead) return <TextField {...shared} />;
  const options = names
    .filter((name) => !without.includes(name))
    .map((name) => ({ value: name, label: name }));
  return <SelectField {...shared} options={[{ value: '', label: '—' }, ...options]} />;
}
