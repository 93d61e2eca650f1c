import lighthouse, { desktopConfig } from 'lighthouse';

const categories = ['performance', 'accessibility', 'best-practices'] as const;
type Category = (typeof categories)[number];

export interface Judgement {
  scores: Record<Category, number>;
  /** What the score for performance is made of. */
  metrics: string;
  /** What costs points, in the words of the audit. */
  faults: Record<Category, string[]>;
}

type Report = NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr'];

/** One load of a page in the browser that listens on `port`, with what its profile holds: the session, too. */
export async function judge(address: string, port: number): Promise<Judgement> {
  // Simulated throttling reckons what a slow line and processor would make of the load; how busy this machine is counts little.
  const result = await lighthouse(
    address,
    { port, output: 'json', logLevel: 'error', onlyCategories: [...categories] },
    desktopConfig,
  );
  if (!result || result.lhr.runtimeError) {
    throw new Error(`No judgement of ${address}: ${result?.lhr.runtimeError?.message ?? 'no result'}`);
  }
  const { lhr } = result;
  if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(address).pathname) {
    throw new Error(`${address} led to ${lhr.finalDisplayedUrl}`);
  }
  const each = <Value>(of: (category: Category) => Value) =>
    Object.fromEntries(categories.map((category) => [category, of(category)])) as Record<Category, Value>;
  return {
    scores: each((category) => lhr.categories[category]?.score ?? 0),
    metrics: metricsOf(lhr),
    faults: each((category) => faultsIn(lhr, category)),
  };
}

const metrics = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'speed-index',
  'total-blocking-time',
  'cumulative-layout-shift',
];

function metricsOf({ audits }: Report): string {
  return metrics.map((id) => `${id} ${audits[id]?.displayValue}`).join(', ');
}

function faultsIn(report: Report, category: Category): string[] {
  return (report.categories[category]?.auditRefs ?? []).flatMap(({ id, weight }) => {
    const audit = report.audits[id];
    if (weight === 0 || !audit || audit.score === null || audit.score >= 0.9) return [];
    return [`${id} ${audit.score}: ${audit.title} ${audit.displayValue ?? ''}`.trim()];
  });
}
