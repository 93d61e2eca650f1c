import type { AuditEvent } from '@/api/types';
import { t } from '@/locales/text';
import { Chip } from '@/ui/Chip';

export function OutcomeChip({ outcome }: { outcome: AuditEvent['outcome'] }) {
  return (
    <Chip tone={outcome === 'ok' ? 'good' : 'danger'}>
      {t(outcome === 'ok' ? 'audit.ok' : 'audit.refused')}
    </Chip>
  );
}
