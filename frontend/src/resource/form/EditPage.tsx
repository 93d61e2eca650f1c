import { useParams } from '@tanstack/react-router';
import { t } from '@/locales/text';
import { Card } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { PageTitle } from '@/ui/PageTitle';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { PageProblem } from '../PageProblem';
import { changedFields, type FormValues } from './changedFields';
import type { FormField } from './FormFields';
import { ResourceForm } from './ResourceForm';
import { useForEditing } from './useForEditing';

interface Properties<Resource, Values> {
  /** The resource's word, as in its list. */
  name: string;
  fetch: (id: string) => Promise<{ data: Resource; etag: string | null }>;
  title: (resource: Resource) => string;
  fields: readonly FormField<Values>[];
  valuesOf: (resource: Resource) => Values;
  /** Sends only what was changed; `etag` is of the version that was read. */
  save: (id: string, changed: Partial<Values>, etag: string | null) => Promise<unknown>;
  /** Leads to where the resource is shown. */
  leave: (id: string) => Promise<unknown>;
  /** Why this one can't be edited, if so. */
  refusal?: (resource: Resource) => string | null;
}

/** Edits the thing that the address names, and never over what somebody else saved meanwhile. */
export function EditPage<Resource, Values extends FormValues>(properties: Properties<Resource, Values>) {
  const { name, fetch, title, fields, valuesOf, save, leave, refusal } = properties;
  const { id = '' } = useParams({ strict: false });
  const { data, error, refetch } = useForEditing(name, id, fetch);
  if (error && !data) return <PageProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;

  const { data: resource, etag } = data;
  const initial = valuesOf(resource);
  const refused = refusal?.(resource);

  async function submit(values: Values) {
    const changed = changedFields(initial, values);
    if (Object.keys(changed).length > 0) {
      await save(id, changed, etag);
      say(t('resource.saved'));
    }
    await leave(id);
  }

  return (
    <div className="grid max-w-3xl gap-6">
      <PageTitle title={title(resource)} />
      {refused ? (
        <Notice>{refused}</Notice>
      ) : (
        <Card>
          <ResourceForm
            key={etag}
            fields={fields}
            initial={initial}
            submit={t('action.save')}
            onSubmit={submit}
            onCancel={() => void leave(id)}
            onReload={() => void refetch()}
          />
        </Card>
      )}
    </div>
  );
}
