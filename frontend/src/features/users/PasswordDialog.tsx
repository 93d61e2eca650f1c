import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { NewPasswordField } from '@/resource/form/NewPasswordField';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { say } from '@/ui/toast';
import { userName } from './userName';
import { setPassword } from './usersApi';
import { useUsersChanged } from './useUser';

const labels = { password: t('users.password') };

export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const usersChanged = useUsersChanged();
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    await setPassword(user.id, String(data.get('password')), data.has('must_change'));
    await usersChanged();
    say(t('users.done.password', { name: userName(user) }));
    onClose();
  });
  return (
    <Dialog title={t('users.setPassword')} onClose={onClose}>
      <form {...form} className="grid gap-4">
        <ErrorSummary problem={problem} labels={labels} />
        <NewPasswordField
          name="password"
          label={labels.password}
          names={[user.email, user.username, user.display_name]}
          error={errorOf('password')}
        />
        <Checkbox name="must_change" label={t('users.mustChange')} defaultChecked />
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            {t('users.setPassword')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
