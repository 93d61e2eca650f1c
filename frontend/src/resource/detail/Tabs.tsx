import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '@/locales/text';

interface Tab {
  name: string;
  label: string;
  render: () => ReactNode;
}

export function parseTab(search: Record<string, unknown>): { tab?: string } {
  return typeof search.tab === 'string' ? { tab: search.tab } : {};
}

/** Sections of one thing, each with an address of its own; the first is the one without. */
export function Tabs({ tabs }: { tabs: readonly Tab[] }) {
  const { tab } = parseTab(useSearch({ strict: false }));
  const shown = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return (
    <>
      <nav aria-label={t('resource.tabs')} className="mt-6 mb-5 shadow-[inset_0_-1px] shadow-line">
        <ul className="flex flex-wrap gap-x-1">
          {tabs.map(({ name, label }, position) => (
            <li key={name}>
              <Link
                to="."
                search={() => (position === 0 ? {} : { tab: name })}
                resetScroll={false}
                replace
                activeOptions={{ exact: true, includeSearch: true }}
                aria-current={name === shown?.name ? 'page' : undefined}
                className="block border-b-2 whitespace-nowrap border-transparent px-3 py-2.5 font-medium text-muted -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent-strong"
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {shown?.render()}
    </>
  );
}
