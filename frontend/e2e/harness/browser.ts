import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { beforeAll, expect } from 'vitest';

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

export const launchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** A browser for the tests of a file, from before the first until after the last. */
export function browserForTests(): Profiles {
  let browser: Browser;
  beforeAll(async () => {
    // A browser that dies at its start says nothing of Reeve, so it gets a second chance.
    browser = await chromium.launch(launchOptions).catch(() => chromium.launch(launchOptions));
    return () => browser.close();
  });
  return { newContext: (options) => browser.newContext(options) };
}

/** What a visit needs of a browser: an empty profile. */
type Profiles = Pick<Browser, 'newContext'>;

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Refusals that the test provokes on purpose, which the browser reports as errors of the console. */
  allowRefusals: (...statuses: number[]) => void;
  /** The same for requests that find no server. */
  allowOutage: () => void;
  /** Ends the visit; fails if the console or the content security policy had anything to complain of. */
  end: () => Promise<void>;
}

/** A visitor with an empty profile at `address`. */
export async function visit(
  browser: Profiles,
  address: string,
  options: BrowserContextOptions = desktop,
): Promise<Visit> {
  const context = await browser.newContext({ baseURL: address, locale: 'en-GB', ...options });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const allowed: (number | typeof outage)[] = [];
  watch(context, complaints, allowed);
  return {
    context,
    page: await context.newPage(),
    allowRefusals: (...statuses) => allowed.push(...statuses),
    allowOutage: () => allowed.push(outage),
    end: async () => {
      await context.close();
      expect(complaints).toEqual([]);
    },
  };
}

const outage = 'net::ERR_INTERNET_DISCONNECTED';

function watch(context: BrowserContext, complaints: string[], allowed: (number | typeof outage)[]): void {
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      const refusal = /the server responded with a status of (\d+)/.exec(message.text());
      if (refusal && allowed.includes(Number(refusal[1]))) return;
      if (message.text().includes(outage) && allowed.includes(outage)) return;
      complaints.push(`${page.url()}: ${message.text()}`);
    });
  });
}
