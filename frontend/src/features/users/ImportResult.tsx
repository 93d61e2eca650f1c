import type { ImportReport } from '@/api/types';
import { counted, problemText, t } from '@/locales/text';
import { Notice } from '@/ui/Notice';

export function ImportResult({ report }: { report: ImportReport }) {
  if (report.errors.length === 0) return <Notice>{counted('users.importClean', report.rows)}</Notice>;
  return (
    <div className="grid gap-3">
      <Notice tone="danger">{counted('users.importErrors', report.errors.length)}</Notice>
      <table className="w-full text-left text-sm">
        <thead className="text-muted">
          <tr>
            <th className="py-1 pr-4 font-medium">{t('users.importLine')}</th>
            <th className="py-1 pr-4 font-medium">{t('users.importField')}</th>
            <th className="py-1 font-medium">{t('users.importMistake')}</th>
          </tr>
        </thead>
        <tbody>
          {report.errors.map((error) => (
            <tr key={`${error.line} ${error.field} ${error.code}`} className="border-t border-line align-top">
              <td className="py-1.5 pr-4 tabular-nums">{error.line}</td>
              <td className="py-1.5 pr-4">{error.field}</td>
              <td className="py-1.5">{problemText(error)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
