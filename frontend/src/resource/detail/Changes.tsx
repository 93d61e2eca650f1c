import type { AuditEvent } from '@/api/types';
import { t } from '@/locales/text';

export type ChangesOfFields = AuditEvent['changes'];

function written(value: unknown): string {
  if (value === null || value === undefined || value === '') return t('value.empty');
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (Array.isArray(value)) return value.map(String).join(', ') || t('value.empty');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What an act changed, field by field. */
export function Changes({ changes }: { changes: ChangesOfFields }) {
  const fields = Object.entries(changes ?? {});
  if (fields.length === 0) return <p className="text-sm text-muted">{t('audit.noChanges')}</p>;
  return (
    <table aria-label={t('audit.changes')} className="w-full table-fixed text-left text-sm">
      <thead className="text-muted">
        <tr>
          <th className="py-1 pr-3 font-medium">{t('audit.field')}</th>
          <th className="py-1 pr-3 font-medium">{t('audit.from')}</th>
          <th className="py-1 font-medium">{t('audit.to')}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(([field, { from, to }]) => (
          <tr key={field} className="border-t border-line align-top">
            <th scope="row" className="py-1.5 pr-3 font-medium break-words">
              {field}
            </th>
            <td className="py-1.5 pr-3 break-words text-muted">{written(from)}</td>
            <td className="py-1.5 break-words">{written(to)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
