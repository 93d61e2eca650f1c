import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useCan } from '@/access/useSession';
import { t } from '@/locales/text';
import { ResourceList } from '@/resource/list/ResourceList';
import { buttonLook } from '@/ui/buttonLook';
import { PageTitle } from '@/ui/PageTitle';
import { roleList } from './roleList';

export default function RolesPage() {
  const can = useCan();
  return (
    <>
      <PageTitle title={t('roles.title')} lead={t('roles.lead')}>
        {can('roles:write') && (
          <Link to="/roles/new" className={buttonLook({ variant: 'primary' })}>
            <Plus className="size-4.5" aria-hidden="true" />
            {t('roles.create')}
          </Link>
        )}
      </PageTitle>
      <ResourceList descriptor={roleList} />
    </>
  );
}
