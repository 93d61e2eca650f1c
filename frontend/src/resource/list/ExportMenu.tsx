import { Download } from 'lucide-react';
import { useState } from 'react';
import { download } from '@/api/download';
import { asProblem } from '@/api/problem';
import type { ListQuery } from '@/api/types';
import { problemText, t } from '@/locales/text';
import { Menu, menuItemLook } from '@/ui/Menu';
import { say } from '@/ui/toast';
import { type ListState, selectionOf } from './listState';

interface Properties<Format extends string> {
  name: string;
  formats: readonly Format[];
  state: ListState;
  fetchFile: (format: Format, query: ListQuery) => Promise<Blob>;
}

/** The rows that the list would show on all its pages, as a file. */
export function ExportMenu<Format extends string>({ name, formats, state, fetchFile }: Properties<Format>) {
  const [isBusy, setBusy] = useState(false);

  async function exportAs(format: Format) {
    setBusy(true);
    try {
      download(await fetchFile(format, selectionOf(state)), `${name}.${format}`);
      say(t('resource.exported'));
    } catch (error) {
      say(problemText(asProblem(error)), 'danger');
    } finally {
      setBusy(false);
    }
  }

  return (
    <Menu
      label={
        <>
          <Download className={`size-4.5 ${isBusy ? 'animate-bounce' : ''}`} aria-hidden="true" />
          {t('resource.export')}
        </>
      }
    >
      {(close) =>
        formats.map((format) => (
          <button
            key={format}
            type="button"
            disabled={isBusy}
            className={menuItemLook}
            onClick={() => {
              close();
              void exportAs(format);
            }}
          >
            {t('resource.exportAs', { format: format.toUpperCase() })}
          </button>
        ))
      }
    </Menu>
  );
}
