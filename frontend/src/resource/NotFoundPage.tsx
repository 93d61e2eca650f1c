import { Link } from '@tanstack/react-router';
import { Signpost } from 'lucide-react';
import { t } from '@/locales/text';
import { buttonLook } from '@/ui/buttonLook';
import { MessagePage } from '@/ui/MessagePage';

export function NotFoundPage() {
  return (
    <MessagePage icon={Signpost} title={t('page.notFoundTitle')} lead={t('page.notFound')}>
      <Link to="/" className={buttonLook({ variant: 'primary' })}>
        {t('page.home')}
      </Link>
    </MessagePage>
  );
}
