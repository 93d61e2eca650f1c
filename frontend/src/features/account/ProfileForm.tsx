import { reloadMe } from '@/access/session';
import { useMe } from '@/access/useSession';
import { t } from '@/locales/text';
import { changedFields, emptyAsNull } from '@/resource/form/changedFields';
import type { FormField } from '@/resource/form/FormFields';
import { ResourceForm } from '@/resource/form/ResourceForm';
import { Card } from '@/ui/Card';
import { say } from '@/ui/toast';
import { updateProfile } from './accountApi';

type Values = { display_name: string; username: string; locale: string };

const fields: readonly FormField<Values>[] = [
  { name: 'display_name', label: t('account.displayName'), kind: 'text', autoComplete: 'name' },
  { name: 'username', label: t('account.username'), kind: 'text', autoComplete: 'username' },
  { name: 'locale', label: t('account.locale'), kind: 'text', help: t('account.localeHelp') },
];

// The name that somebody signs in by is theirs to change.
const withoutUsername = fields.filter(({ name }) => name !== 'username');

export function ProfileForm() {
  const me = useMe();
  const initial: Values = {
    display_name: me.display_name ?? '',
    username: me.username ?? '',
    locale: me.locale ?? '',
  };

  async function save(values: Values) {
    const changed = Object.entries(changedFields(initial, values));
    if (changed.length === 0) return say(t('resource.noChanges'));
    await updateProfile(Object.fromEntries(changed.map(([name, value]) => [name, emptyAsNull(value)])));
    await reloadMe();
    say(t('resource.saved'));
  }

  return (
    <Card title={t('account.profile')}>
      <ResourceForm
        fields={me.impersonator ? withoutUsername : fields}
        initial={initial}
        submit={t('action.save')}
        onSubmit={save}
      />
    </Card>
  );
}
