import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { heading, signIn } from './harness/acts';
import { browserForTests, phone, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { administrator, serverForTests } from './harness/server';

const ann = { email: 'ann@example.com', password: 'three old bridges' };

const browser = browserForTests();
const server = serverForTests({ REEVE_FRESHNESS__MAX_AGE: '6s' });

beforeAll(async () => {
  // So short that an act after a moment asks for the password once more.
  const seed = await Seed.as(server.address);
  await seed.role({ name: 'reader', permissions: ['users:read', 'audit:read'] });
  await seed.user({ ...ann, display_name: 'Ann Archer', roles: ['reader'] });
});

function callWith(key: string, path: string): Promise<Response> {
  return fetch(`${server.address}/api/v1${path}`, { headers: { Authorization: `Bearer ${key}` } });
}

/** Confirms a password where it is asked for, and hands the new key over. */
async function keepKey(page: Page, name: string, password: string | null): Promise<string> {
  await page.getByRole('button', { name: 'Create key' }).click();
  if (password) {
    const asking = page.getByRole('dialog', { name: 'Is it still you?' });
    await asking.getByLabel('Password', { exact: true }).fill(password);
    await asking.getByRole('button', { name: 'Go on' }).click();
  }
  const dialog = page.getByRole('dialog', { name: `The key ${name}` });
  await dialog.getByText('shown this once only').waitFor();
  return dialog.getByLabel('API key').inputValue();
}

describe('one’s own API keys', () => {
  it('are made after one’s password, shown once, and gone when they are deleted', async () => {
    const { context, page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.address });
    await signIn(page, ann, '/account?tab=api-keys');
    await page.waitForTimeout(6_500);
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByLabel('Name', { exact: true }).last().fill('Nightly report');
    await page.getByLabel('Only some of it').check();
    await page.getByRole('dialog').getByLabel('users:read').check();
    await page.getByLabel('Networks from which').fill('127.0.0.0/8');
    await expectAccessible(page, 'making a key');
    const key = await keepKey(page, 'Nightly report', ann.password);
    expect(key).toMatch(/^rv_\w{40,}$/);
    await expectAccessible(page, 'a new key');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('in the clipboard').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
    await page.getByRole('button', { name: 'I have kept it' }).click();

    await page.getByText('Permits users:read').waitFor();
    expect(await page.content()).not.toContain(key);
    expect((await callWith(key, '/users')).status).toBe(200);
    expect((await callWith(key, '/audit')).status).toBe(403);

    await page.getByRole('button', { name: 'Delete the key Nightly report' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('has been deleted').waitFor();
    expect((await callWith(key, '/users')).status).toBe(401);
    await end();
  });

  it('are refused at the field that is wrong', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(422);
    await signIn(page, ann, '/account?tab=api-keys');
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByLabel('Name', { exact: true }).last().fill('Mistyped');
    await page.getByLabel('Networks from which').fill('the office');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    const field = page.getByLabel('Networks from which');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await end();
  });
});

describe('a service account', () => {
  it('is made by an administrator, gets a key, and acts by it', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address, {
      ...phone,
      colorScheme: 'dark',
    });
    allowRefusals(401);
    await signIn(page, administrator, '/users/new');
    await page.getByLabel('Email').fill('robot@example.com');
    await page.getByLabel('Name (optional)', { exact: true }).fill('Robot');
    await page.getByLabel('Service account').check();
    await page.getByLabel('Choose a role').fill('read');
    await page.getByRole('option', { name: 'reader' }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await heading(page, 'Robot').waitFor();
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.waitForTimeout(6_500);
    await page.getByLabel('Name', { exact: true }).fill('Import');
    await expectAccessible(page, 'making a key of a service account on a phone');
    const key = await keepKey(page, 'Import', administrator.password);
    await expectAccessible(page, 'a new key on a phone');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('All that its owner may do').waitFor();
    await expectAccessible(page, 'the keys of a service account on a phone');
    const me = (await (await callWith(key, '/me')).json()) as { kind: string; permissions: string[] };
    expect(me.kind).toBe('service');
    expect(me.permissions).toEqual(['audit:read', 'users:read']);
    await end();
  });
});
