import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { fillSignIn, heading, signOut } from './harness/acts';
import { browserForTests, phone, visit } from './harness/browser';
import { mailsForTests } from './harness/mails';
import { oidcProviderForTests } from './harness/oidcProvider';
import { administrator, serverForTests } from './harness/server';

const browser = browserForTests();
const provider = oidcProviderForTests();
const mails = mailsForTests();
const server = serverForTests(() => ({
  REEVE_MAIL__URL: mails.url,
  REEVE_MAGIC_LINK: 'true',
  REEVE_OIDC__CORPORATE__ISSUER: provider.issuer,
  REEVE_OIDC__CORPORATE__LABEL: 'Example Corporation',
  REEVE_OIDC__CORPORATE__CLIENT_ID: 'reeve',
  REEVE_OIDC__CORPORATE__CLIENT_SECRET: 'a secret: of 100%',
}));

beforeAll(async () => {
  const publicUrl = server.address.replace('127.0.0.1', 'localhost');
  await provider.serve(`${publicUrl}/api/v1/auth/oidc/corporate/callback`);
});

async function signInAtProvider(page: Page, name: string) {
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

describe('other ways to sign in', () => {
  it('refuses an account elsewhere that nobody has linked, and takes it once somebody has', async () => {
    const { context, page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    // The provider's own page wants fonts from elsewhere.
    const isElsewhere = ({ hostname }: URL) => !['localhost', '127.0.0.1'].includes(hostname);
    await context.route(isElsewhere, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Sign in with Example Corporation' }).click();
    await signInAtProvider(page, 'boss@corporate.example');
    await page.getByRole('alert').getByText('Nobody here is linked to that account').waitFor();

    await page.goto('/sign-in');
    await fillSignIn(page, administrator);
    await heading(page, /^Welcome/).waitFor();
    await page.goto('/account?tab=security');
    await page.getByRole('button', { name: 'Link Example Corporation', exact: true }).click();
    await page.getByText('The account is linked.').waitFor();
    await expect.poll(() => page.url()).toMatch(/\/account\?tab=security$/);
    await page.getByText('boss@corporate.example').waitFor();
    await expectAccessible(page, 'linked accounts');
    await signOut(page);

    await page.goto('/sign-in?next=%2Fusers');
    await page.getByRole('link', { name: 'Sign in with Example Corporation' }).click();
    await heading(page, 'Users').waitFor();
    expect(new URL(page.url()).pathname).toBe('/users');

    await page.goto('/account?tab=security');
    await page.getByRole('button', { name: 'Unlink Example Corporation' }).click();
    await page.getByText('None yet.').waitFor();
    await end();
  });

  it('signs in by a mailed link, by a button', async () => {
    const { page, end } = await visit(browser, server.address, phone);
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Sign in by a link in a mail' }).waitFor();
    await expectAccessible(page, 'the ways to sign in');
    await page.getByRole('link', { name: 'Sign in by a link in a mail' }).click();
    await page.getByLabel('Email').fill(administrator.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await heading(page, 'Check your email').waitFor();
    await page.goto(await mails.link('magic-link'));
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await expectAccessible(page, 'the page of a link that signs in');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, /^Welcome/).waitFor();
    await end();
  });
});
