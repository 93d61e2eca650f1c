import { Link } from '@tanstack/react-router';
import { ShieldX } from 'lucide-react';
import { t } from '@/locales/text';
import { buttonLook } from '@/ui/buttonLook';
import { MessagePage } from '@/ui/MessagePage';

export function Forbidden({ permission }: { permission: string | undefined }) {
  return (
    <MessagePage icon={ShieldX} title={t('page.forbiddenTitle')} lead={t('page.forbidden')}>
      {permission && (
        <p className="text-sm text-muted">
          {t('page.forbiddenPermission')}: <code className="text-ink">{permission}</code>
        </p>
      )}
      <Link to="/" className={buttonLook({ variant: 'primary' })}>
        {t('page.home')}
      </Link>
    </MessagePage>
  );
}
