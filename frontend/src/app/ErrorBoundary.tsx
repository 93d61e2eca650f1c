import { Component, type ReactNode } from 'react';
import { t } from '@/locales/text';
import { Outage } from '@/ui/Outage';

/** The last net: what no screen caught becomes a page with a way on, never a blank one. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Outage title={t('page.brokenTitle')} retry={() => location.reload()}>
        {t('page.broken')}
      </Outage>
    );
  }
}
