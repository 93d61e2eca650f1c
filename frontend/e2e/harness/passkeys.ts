import type { Page } from 'playwright-core';

/** An authenticator that keeps passkeys, and verifies whoever touches it. */
export interface VirtualAuthenticator {
  /** Whether somebody is there who says yes to whatever is asked: to what the browser fills in, too. */
  setTouched: (isTouched: boolean) => Promise<void>;
}

/** Gives a page an authenticator of its own. */
export async function addVirtualAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    setTouched: async (enabled) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
  };
}
