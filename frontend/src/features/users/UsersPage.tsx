import { Link } from '@tanstack/react-router';
import { FileUp, UserPlus } from 'lucide-react';
import { useCan } from '@/access/useSession';
import { t } from '@/locales/text';
import { ExportMenu } from '@/resource/list/ExportMenu';
import { ResourceList } from '@/resource/list/ResourceList';
import { buttonLook } from '@/ui/buttonLook';
import { PageTitle } from '@/ui/PageTitle';
import { BulkActions } from './BulkActions';
import { userList } from './userList';
import { exportUsers } from './usersApi';

export default function UsersPage() {
  const can = useCan();
  const mayAct = can('users:write') || can('users:delete');
  return (
    <>
      <PageTitle title={t('users.title')} lead={t('users.lead')}>
        {can('users:write') && (
          <>
            <Link to="/users/import" className={buttonLook({})}>
              <FileUp className="size-4.5" aria-hidden="true" />
              {t('users.import')}
            </Link>
            <Link to="/users/new" className={buttonLook({ variant: 'primary' })}>
              <UserPlus className="size-4.5" aria-hidden="true" />
              {t('users.create')}
            </Link>
          </>
        )}
      </PageTitle>
      <ResourceList
        descriptor={userList}
        tools={(state) => (
          <ExportMenu
            name="users"
            formats={['csv', 'json', 'ndjson', 'xlsx']}
            state={state}
            fetchFile={exportUsers}
          />
        )}
        bulk={mayAct ? (ids, clear) => <BulkActions ids={ids} onDone={clear} /> : undefined}
      />
    </>
  );
}
