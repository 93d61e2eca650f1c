import { useNavigate, useParams } from '@tanstack/react-router';
import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { changedFields, emptyAsNull } from '@/resource/form/changedFields';
import type { FormField } from '@/resource/form/FormFields';
import { ResourceForm } from '@/resource/form/ResourceForm';
import { useForEditing } from '@/resource/form/useForEditing';
import { PageProblem } from '@/resource/PageProblem';
import { Card } from '@/ui/Card';
import { PageTitle } from '@/ui/PageTitle';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
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

function changeOf(initial: Values, values: Values): UserChange {
  const { email, ...others } = changedFields(initial, values);
  const nullable = Object.entries(others).map(([name, value]) => [name, emptyAsNull(value)]);
  return { ...(email !== undefined && { email }), ...Object.fromEntries(nullable) };
}

export default function UserEditPage() {
  const { id = '' } = useParams({ strict: false });
  const { data, error, refetch } = useForEditing('users', id, showUser);
  const navigate = useNavigate();
  const usersChanged = useUsersChanged();

  if (error && !data) return <PageProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const { data: user, etag } = data;
  const initial = valuesOf(user);
  const show = () => navigate({ to: '/users/$id', params: { id: user.id } });

  async function save(values: Values) {
    const change = changeOf(initial, values);
    if (Object.keys(change).length > 0) {
      await updateUser(user.id, change, etag);
      await usersChanged();
      say(t('resource.saved'));
    }
    await show();
  }

  return (
    <div className="grid max-w-2xl gap-6">
      <PageTitle title={t('users.editTitle', { name: userName(user) })} />
      <Card>
        <ResourceForm
          key={etag}
          fields={fields}
          initial={initial}
          submit={t('action.save')}
          onSubmit={save}
          onCancel={() => void show()}
          onReload={() => void refetch()}
        />
      </Card>
    </div>
  );
}
