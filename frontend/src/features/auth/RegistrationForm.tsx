import { answer, api } from '@/api/client';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { NewPasswordField } from '@/resource/form/NewPasswordField';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { PageTitle } from '@/ui/PageTitle';
import { PublicLink } from '@/ui/PublicLink';
import { TextField } from '@/ui/TextField';
import { NameFields, nameLabels } from './NameFields';

export interface Registration {
  status: 'pending_approval' | 'check_email' | 'registered';
  email: string;
}

interface Properties {
  needsApproval: boolean;
  onRegistered: (registration: Registration) => void;
}

const labels = {
  ...nameLabels,
  email: t('auth.email'),
  password: t('auth.password'),
};

export function RegistrationForm({ needsApproval, onRegistered }: Properties) {
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const text = (name: string) => String(data.get(name)).trim();
    const email = text('email');
    const { status } = await answer(
      api.POST('/api/v1/auth/register', {
        body: {
          email,
          password: String(data.get('password')),
          ...(text('username') && { username: text('username') }),
          ...(text('display_name') && { display_name: text('display_name') }),
        },
      }),
    );
    onRegistered({ status, email });
  });

  return (
    <>
      <PageTitle
        title={t('auth.registerTitle')}
        lead={t(needsApproval ? 'auth.registerLead' : 'auth.registerLeadOpen')}
      />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        <TextField
          name="email"
          type="email"
          label={labels.email}
          autoComplete="email"
          required
          error={errorOf('email')}
        />
        <NameFields errorOf={errorOf} />
        <NewPasswordField name="password" label={labels.password} error={errorOf('password')} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {t('auth.register')}
        </Button>
      </form>
      <p className="mt-5 text-sm text-muted">
        {t('auth.haveAccount')} <PublicLink to="/sign-in">{t('auth.signIn')}</PublicLink>
      </p>
    </>
  );
}
