import { t } from '@/locales/text';
import { ExportMenu } from '@/resource/list/ExportMenu';
import { ResourceList } from '@/resource/list/ResourceList';
import { PageTitle } from '@/ui/PageTitle';
import { exportEvents } from './auditApi';
import { auditList } from './auditList';

export default function AuditPage() {
  return (
    <>
      <PageTitle title={t('audit.title')} lead={t('audit.lead')} />
      <ResourceList
        descriptor={auditList}
        tools={(state) => (
          <ExportMenu name="audit" formats={['ndjson', 'csv']} state={state} fetchFile={exportEvents} />
        )}
      />
    </>
  );
}
