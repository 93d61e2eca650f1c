import type { PlainKey } from '@/locales/text';
import type { KeyToCreate } from './keeper';

const dayLength = 86_400_000;

/** How long a key may be good; `null` for ever. */
export const lifetimes: readonly { days: number | null; label: PlainKey }[] = [
  { days: 30, label: 'apiKeys.days30' },
  { days: 90, label: 'apiKeys.days90' },
  { days: 365, label: 'apiKeys.days365' },
  { days: null, label: 'apiKeys.noEnd' },
];

/** What the form of a new key asks for. */
export function keyFrom(data: FormData, now: Date): KeyToCreate {
  const days = Number(data.get('lifetime'));
  return {
    name: String(data.get('name')).trim(),
    expires_at: days > 0 ? new Date(now.getTime() + days * dayLength).toISOString() : null,
    allowed_networks: entries(data.get('networks')),
    ...(data.get('scope') === 'chosen' && {
      permissions: [...new Set([...data.getAll('permission').map(String), ...entries(data.get('patterns'))])],
    }),
  };
}

/** What was written one a line, or with commas or spaces between. */
function entries(text: FormDataEntryValue | null): string[] {
  return String(text ?? '')
    .split(/[\s,]+/)
    .filter(Boolean);
}
