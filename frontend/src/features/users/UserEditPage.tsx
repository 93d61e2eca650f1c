import { useNavigate } from '@tanstack/react-router';
import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { emptyAsNull } from '@/resource/form/changedFields';
import { EditPage } from '@/resource/form/EditPage';
import type { FormField } from '@/resource/form/FormFields';
import { userName } from './userName';
import { showUser, type UserChange, updateUser } from './usersApi';
import { useUsersChanged } from './useUser';

type Values = { email: string; display_name: string; username: string; locale: string };

const fields: readonly FormField<Values>[] = [
  { name: 'email', label: t('users.email'), kind: 'email', required: true },
  { name: 'display_name', label: t('users.displayName'), kind: 'text' },
  { name: 'username', label: t('users.username'), kind: 'text' },
  { name: 'locale', label: t('users.locale'), kind: 'text', help: t('account.localeHelp') },
];

function valuesOf(user: User): Values {
  return {
    email: user.email,
    display_name: user.display_name ?? '',
    username: user.username ?? '',
    locale: user.locale ?? '',
  };
}

function changeOf({ email, ...others }: Partial<Values>): UserChange {
  const nullable = Object.entries(others).map(([name, value]) => [name, emptyAsNull(value)]);
  return { ...(email !== undefined && { email }), ...Object.fromEntries(nullable) };
}

export default function UserEditPage() {
  const navigate = useNavigate();
  const usersChanged = useUsersChanged();
  return (
    <EditPage
      name="users"
      fetch={showUser}
      title={(user) => t('users.editTitle', { name: userName(user) })}
      fields={fields}
      valuesOf={valuesOf}
      save={async (id, changed, etag) => {
        await updateUser(id, changeOf(changed), etag);
        await usersChanged();
      }}
      leave={(id) => navigate({ to: '/users/$id', params: { id } })}
    />
  );
}
