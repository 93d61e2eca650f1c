import type { AuditEvent } from '@/api/types';
import { t } from '@/locales/text';

// What the command line calls itself. Over HTTP there would be an address beside it.
const commandLine = 'reeve command line';

/** Who did it, in words: somebody, in their own name or another's, or whatever acted where nobody was signed in. */
export function actorName({
  actor,
  impersonator,
  ip,
  user_agent,
}: Pick<AuditEvent, 'actor' | 'impersonator' | 'ip' | 'user_agent'>): string {
  if (actor && impersonator) {
    const behind = impersonator.email ?? impersonator.id;
    return t('impersonation.behind', { impersonator: behind, actor: actor.email ?? actor.id });
  }
  if (actor) return actor.email ?? actor.id;
  if (ip) return t('audit.stranger');
  return t(user_agent === commandLine ? 'audit.commandLine' : 'audit.system');
}
