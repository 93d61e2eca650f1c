import { Fragment, type ReactNode } from 'react';

/** Names and values, side by side where there is room. */
export function Facts({ facts }: { facts: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className="grid gap-x-8 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)] sm:gap-y-3">
      {facts.map(({ label, value }) => (
        <Fragment key={label}>
          <dt className="text-sm text-muted sm:pt-px">{label}</dt>
          <dd className="mb-3 min-w-0 break-words sm:mb-0">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
