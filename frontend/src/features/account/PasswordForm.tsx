import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '@/access/useSession';
import { keepToken } from '@/api/credentials';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { NewPasswordField } from '@/resource/form/NewPasswordField';
import { useSubmission } from '@/resource/form/useSubmission';
import { PasswordLinkButton } from '@/resource/PasswordLinkButton';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { PasswordField } from '@/ui/PasswordField';
import { say } from '@/ui/toast';
import { changePassword } from './accountApi';
import { mfaQuery } from './mfaApi';

const labels = {
  current_password: t('account.currentPassword'),
  new_password: t('account.newPassword'),
};

/** Changes the password; who has none, because they came by a link or from elsewhere, gets a link to choose one. */
export function PasswordForm() {
  const { data: mfa } = useQuery(mfaQuery);
  if (mfa?.has_password !== false) return <ChangeForm />;
  return (
    <Card title={t('account.password')} lead={t('account.noPassword')}>
      <PasswordLinkButton />
    </Card>
  );
}

function ChangeForm() {
  const me = useMe();
  const cache = useQueryClient();
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const answered = await changePassword(
      String(data.get('current_password')),
      String(data.get('new_password')),
    );
    if (answered.status === 'ok') keepToken(answered.access_token);
    await cache.invalidateQueries({ queryKey: ['account'] });
    form.ref.current?.reset();
    say(t('account.passwordChanged'));
  });

  return (
    <Card title={t('account.password')}>
      <form {...form} className="grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        {/* Tells a password manager whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
        <PasswordField
          name="current_password"
          label={labels.current_password}
          required
          error={errorOf('current_password')}
        />
        <NewPasswordField
          name="new_password"
          label={labels.new_password}
          names={[me.email, me.username, me.display_name]}
          error={errorOf('new_password')}
        />
        <Button type="submit" variant="primary" busy={isBusy} className="justify-self-start">
          {t('account.changePassword')}
        </Button>
      </form>
    </Card>
  );
}
