import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { heading, signIn } from './harness/acts';
import { browserForTests, phone, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { administrator, serverForTests } from './harness/server';

const password = 'a long enough password';
const member = { email: 'member@example.com', password };
const reader = { email: 'reader@example.com', password };
const watcher = { email: 'watcher@example.com', password };

const browser = browserForTests();
const server = serverForTests();
let readerId: string;
let roleId: string;

beforeAll(async () => {
  const seed = await Seed.as(server.address);
  roleId = await seed.role({ name: 'reader', permissions: ['users:read'] });
  await seed.role({ name: 'watcher', permissions: ['users:read', 'roles:read', 'audit:read'] });
  await seed.user({ ...member, display_name: 'Mem Ber' });
  readerId = await seed.user({ ...reader, roles: ['reader'] });
  await seed.user({ ...watcher, roles: ['watcher'] });
});

describe('what one may not do', () => {
  it('is not in the menu, and its address says so', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, member);
    const menu = page.getByRole('navigation', { name: 'Main' });
    expect(await menu.getByRole('link').allTextContents()).toEqual(['Start']);
    for (const path of ['/users', '/users/new', '/roles', '/audit']) {
      await page.goto(path);
      await heading(page, 'This is not open to you').waitFor();
    }
    await end();
  });

  it('is not offered beside what one may', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, reader, '/users');
    await page.getByRole('link', { name: member.email }).waitFor();
    expect(await page.getByRole('link', { name: 'New user' }).count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.goto('/users/new');
    await heading(page, 'This is not open to you').waitFor();
    await page.getByText('users:write').waitFor();
    await end();
  });

  it('leaves everything to be read by who may read everything, and nothing to be changed', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, watcher);
    const content = page.locator('#content');
    const screens = {
      [`/users/${readerId}`]: reader.email,
      [`/users/${readerId}?tab=sessions`]: 'Chrome · Linux',
      [`/users/${readerId}?tab=history`]: 'user.created',
      '/roles': 'reader',
      [`/roles/${roleId}`]: 'users:read',
      [`/roles/${roleId}?tab=users`]: reader.email,
      '/audit': 'role.created',
    };
    for (const [path, sight] of Object.entries(screens)) {
      await page.goto(path);
      await content.getByText(sight, { exact: true }).filter({ visible: true }).first().waitFor();
      const controls = content.getByRole('button').or(content.getByRole('link'));
      const offered = (await controls.allTextContents()).join(' | ');
      expect(offered, path).not.toMatch(/Edit|Actions|Add role|Remove|Delete|New |Import|Sign out/);
      expect(
        await content
          .getByRole('checkbox')
          .or(content.getByRole('combobox', { name: /role/ }))
          .count(),
      ).toBe(0);
      await expectAccessible(page, path);
    }
    for (const path of ['/users/import', `/users/${readerId}/edit`, '/roles/new', `/roles/${roleId}/edit`]) {
      await page.goto(path);
      await heading(page, 'This is not open to you').waitFor();
    }
    await end();
  });

  it('is an address that leads nowhere for everybody', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, administrator, '/nowhere');
    await heading(page, 'There is nothing here').waitFor();
    await end();
  });
});

const small = { width: 320, height: 640 };

const widthBeyond = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function isWithin(page: Page, thing: Locator): Promise<boolean> {
  const box = await thing.boundingBox();
  const width = await page.evaluate(() => document.documentElement.clientWidth);
  return box !== null && box.x >= 0 && box.x + box.width <= width;
}

describe('a role', () => {
  it('is created, given away with its pattern, and deleted', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, administrator, '/roles');
    await page.getByRole('link', { name: 'New role' }).click();
    await page.getByLabel('Name', { exact: true }).fill('auditor');
    await page.getByRole('checkbox', { name: /^audit:read/ }).check();
    await page.getByLabel('Another permission or pattern').fill('data:app.*:read');
    await page.getByLabel('Another permission or pattern').press('Enter');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await heading(page, 'auditor').waitFor();
    await page.getByText('data:app.*:read').waitFor();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await heading(page, 'Roles').waitFor();
    await page.getByText('The role auditor has been deleted.').waitFor();
    await end();
  });

  it('takes a pattern along that was typed and not added, and says at the field if it is none', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(422);
    await signIn(page, administrator, '/roles/new');
    await page.getByLabel('Name', { exact: true }).fill('typist');
    const pattern = page.getByLabel('Another permission or pattern');
    await pattern.fill('no such thing');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('alert').getByText('There is no permission no such thing.').waitFor();
    await pattern.fill('data:app.*:read');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await heading(page, 'typist').waitFor();
    await page.getByText('data:app.*:read').waitFor();
    await end();
  });

  it('is not left half written without a question', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, administrator, '/roles/new');
    const users = page.getByRole('link', { name: 'Users', exact: true });
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await page.getByLabel('Description').fill('Half written');
    await users.click();
    await question.getByRole('button', { name: 'Stay' }).click();
    expect(await page.getByLabel('Description').inputValue()).toBe('Half written');
    expect(await users.evaluate((link) => link === document.activeElement)).toBe(true);

    const reloaded = page.reload();
    const warning = await page.waitForEvent('dialog');
    expect(warning.type()).toBe('beforeunload');
    await warning.accept();
    await reloaded;

    await heading(page, 'New role').waitFor();
    await page.getByLabel('Description').fill('Half written');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await question.getByRole('button', { name: 'Leave' }).click();
    await heading(page, 'Roles').waitFor();
    await end();
  });

  it('keeps a name and a description without a space within the screen', async () => {
    const seed = await Seed.as(server.address);
    const name = 'n'.repeat(64);
    const id = await seed.role({ name, description: 'd'.repeat(400), permissions: [] });
    const { page, end } = await visit(browser, server.address, { ...phone, viewport: small });
    await signIn(page, administrator, `/roles?q=${name}`);
    await page.getByRole('link', { name }).waitFor();
    expect(await isWithin(page, page.getByRole('button', { name: 'Users', exact: true }))).toBe(true);
    for (const path of [`/roles/${id}`, `/roles/${id}?tab=history`, '/account']) {
      await page.goto(path);
      await page.getByRole('navigation', { name: 'Sections' }).waitFor();
      expect(await widthBeyond(page), path).toBe(0);
      for (const tab of await page.getByRole('navigation', { name: 'Sections' }).getByRole('link').all()) {
        expect(await isWithin(page, tab), path).toBe(true);
      }
    }
    await page.goto(`/roles/${id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
    expect(await isWithin(page, confirm)).toBe(true);
    await confirm.click();
    expect(await isWithin(page, page.getByRole('button', { name: 'Dismiss' }))).toBe(true);
    await end();
  });

  it('that is built in can only be looked at', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, administrator, '/roles');
    await page.getByRole('link', { name: 'admin', exact: true }).click();
    await page.getByText('This role is built in').waitFor();
    expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Users' }).last().click();
    await page.getByRole('link', { name: administrator.email }).waitFor();
    await end();
  });
});

it('the audit trail shows who did what', async () => {
  const { page, end } = await visit(browser, server.address);
  await signIn(page, administrator, '/audit?filter=action:eq:user.created');
  const details = page.getByRole('button', { name: 'Show the details of user.created' }).first();
  await details.click();
  await page.getByRole('table', { name: 'Changes' }).waitFor();
  expect(await details.getAttribute('aria-expanded')).toBe('true');
  await end();
});

it('the audit trail is taken along as it is filtered', async () => {
  const { page, end } = await visit(browser, server.address);
  await signIn(page, administrator, '/audit?filter=action:eq:role.created');
  await page.getByText('role.created').first().waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'as NDJSON' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('audit.ndjson');
  const stream = await file.createReadStream();
  const lines = (await stream.toArray()).join('').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { action: string });
  expect(events.length).toBeGreaterThanOrEqual(2);
  expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['role.created']));
  await end();
});
