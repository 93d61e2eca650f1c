import { CircleAlert } from 'lucide-react';
import type { Problem } from '@/api/problem';
import { problemText, t } from '@/locales/text';
import { belongsTo } from './useSubmission';

interface Properties {
  problem: Problem | null;
  /** The form's fields by the names that the API gives them, and what they are called on the screen. */
  labels: Record<string, string>;
}

/** What went wrong, at the top of a form, in the words of its labels. */
export function ErrorSummary({ problem, labels }: Properties) {
  if (!problem) return null;
  return (
    <div
      role="alert"
      tabIndex={-1}
      data-error-summary
      className="flex gap-3 rounded-lg bg-danger-soft p-3 text-danger"
    >
      <CircleAlert className="mt-0.5 size-4.5 shrink-0" aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-medium">
          {problem.fieldErrors.length > 0 ? t('field.summary') : problemText(problem)}
        </p>
        {problem.fieldErrors.length > 0 && (
          <ul className="mt-1 list-disc pl-5 text-sm">
            {problem.fieldErrors.map((error) => {
              const name = Object.keys(labels).find((field) => belongsTo(field, error.field));
              return (
                <li key={`${error.field} ${error.code}`}>
                  {name ? `${labels[name]}: ` : ''}
                  {problemText(error)}
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </div>
  );
}
