import { describe, expect, it } from 'vitest';
import { heading, signIn } from './harness/acts';
import { browserForTests, visit } from './harness/browser';
import { administrator, serverForTests } from './harness/server';

const name = 'Zollhaus & Söhne, Verwaltung der Niederlassungen im Norden';

const browser = browserForTests();
const server = serverForTests({ REEVE_BRANDING__PRODUCT_NAME: name });

describe('a product with a name of its own', () => {
  it('goes by it at sign-in and behind it, in the window’s title too', async () => {
    const { page, end } = await visit(browser, server.address);
    await page.goto('/sign-in');
    await page.getByRole('banner').getByText(name).waitFor();
    expect(await page.title()).toBe(`Sign in · ${name}`);
    await signIn(page, administrator);
    await page.goto('/users');
    await heading(page, 'Users').waitFor();
    await page.getByRole('link', { name }).waitFor();
    expect(await page.title()).toBe(`Users · ${name}`);
    await end();
  });

  it('fits a phone, however long its name is', async () => {
    const { page, end } = await visit(browser, server.address);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/sign-in');
    await page.getByRole('banner').getByText(name).waitFor();
    await signIn(page, administrator);
    await page.getByRole('link', { name }).waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await end();
  });
});
