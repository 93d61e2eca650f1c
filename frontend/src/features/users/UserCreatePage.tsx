import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '@/locales/text';
import type { FormField } from '@/resource/form/FormFields';
import { ResourceForm } from '@/resource/form/ResourceForm';
import { Card } from '@/ui/Card';
import { Checkbox } from '@/ui/Checkbox';
import { PageTitle } from '@/ui/PageTitle';
import { say } from '@/ui/toast';
import { RolePicker } from './RolePicker';
import { userName } from './userName';
import { createUser } from './usersApi';

const empty = {
  email: '',
  display_name: '',
  username: '',
  password: '',
  active: true,
  roles: [] as readonly string[],
};
type Values = typeof empty;

const fields: readonly FormField<Values>[] = [
  { name: 'email', label: t('users.email'), kind: 'email', required: true },
  { name: 'display_name', label: t('users.displayName'), kind: 'text' },
  { name: 'username', label: t('users.username'), kind: 'text' },
  {
    name: 'password',
    label: t('users.password'),
    kind: 'newPassword',
    help: t('users.passwordHelp'),
    autoComplete: 'new-password',
  },
  { name: 'active', label: t('users.active'), kind: 'boolean', help: t('users.activeHelp') },
  { name: 'roles', label: t('users.roles'), kind: 'list', render: (control) => <RolePicker {...control} /> },
];

const fieldsOfService = fields.filter(({ name }) => name !== 'password');

export default function UserCreatePage() {
  const [isService, setService] = useState(false);
  const navigate = useNavigate();
  const cache = useQueryClient();

  async function create({ email, display_name, username, password, active, roles }: Values) {
    const user = await createUser({
      email: email.trim(),
      active,
      roles: [...roles],
      ...(display_name && { display_name }),
      ...(username && { username }),
      ...(isService ? { kind: 'service' as const } : password && { password }),
    });
    await cache.invalidateQueries({ queryKey: ['users'] });
    say(t('users.created', { name: userName(user) }));
    await navigate({ to: '/users/$id', params: { id: user.id } });
  }

  return (
    <div className="grid max-w-2xl gap-6">
      <PageTitle title={t('users.createTitle')} />
      <Card>
        <div className="mb-5">
          <Checkbox
            label={t('users.isService')}
            help={t('users.isServiceHelp')}
            checked={isService}
            onChange={(event) => setService(event.target.checked)}
          />
        </div>
        <ResourceForm
          fields={isService ? fieldsOfService : fields}
          initial={empty}
          submit={t('action.create')}
          onSubmit={create}
          onCancel={() => void navigate({ to: '/users' })}
        />
      </Card>
    </div>
  );
}
