import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { signIn } from './harness/acts';
import { browserForTests, desktop, phone, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { administrator, serverForTests } from './harness/server';

// REEVE_PICTURES=1 takes the README's pictures while the screens are looked at.
const pictures = join(import.meta.dirname, '../../docs/images');
const pictured = process.env.REEVE_PICTURES
  ? new Set(['sign-in-desktop-light', 'users-desktop-light', 'user-desktop-dark', 'users-phone-light'])
  : null;
const people = ['Ann Archer', 'Ben Brook', 'Cleo Carter', 'Dora Dean', 'Emil Ellis', 'Fay Frost', 'Gus Grey'];

const browser = browserForTests();
const server = serverForTests();
let user: string;
let role: string;

beforeAll(async () => {
  const seed = await Seed.as(server.address);
  role = await seed.role({
    name: 'editor',
    description: 'Looks after people and orders',
    permissions: ['users:read', 'users:write', 'data:app.*:read'],
  });
  const created = people.map((display_name) =>
    seed.user({
      email: `${display_name.toLowerCase().replace(' ', '.')}@example.com`,
      password: 'a long enough password',
      display_name,
      roles: ['editor'],
    }),
  );
  [user = ''] = await Promise.all(created);
  if (pictured) await mkdir(pictures, { recursive: true });
});

const publicScreens = {
  'sign-in': '/sign-in',
  register: '/register',
  setup: '/setup?token=x',
  'forgot-password': '/forgot-password',
  'resend-verification': '/resend-verification',
  'reset-password': '/reset-password?token=x',
  'verify-email': '/verify-email?token=x',
  'confirm-email': '/confirm-email?token=x',
  invitation: '/invitation?token=x',
  'link-without-token': '/invitation',
};

const screens = () => ({
  start: '/',
  users: '/users',
  'users-nothing-found': '/users?q=nobody&filter=active:eq:true',
  'user-new': '/users/new',
  'users-import': '/users/import',
  user: `/users/${user}`,
  'user-sessions': `/users/${user}?tab=sessions`,
  'user-permissions': `/users/${user}?tab=permissions`,
  'user-history': `/users/${user}?tab=history`,
  'user-edit': `/users/${user}/edit`,
  roles: '/roles',
  'role-new': '/roles/new',
  role: `/roles/${role}`,
  'role-users': `/roles/${role}?tab=users`,
  'role-edit': `/roles/${role}/edit`,
  audit: '/audit',
  account: '/account',
  'account-security': '/account?tab=security',
  'account-devices': '/account?tab=devices',
  'account-api-keys': '/account?tab=api-keys',
  'not-found': '/nowhere',
});

const schemes = ['light', 'dark'] as const;

/** Whatever is on the screen now, in both colour schemes: changing them needs no second load. */
async function examine(page: Page, name: string, device: string): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const where = `${name}-${device}-${colorScheme}`;
    await expectAccessible(page, where);
    if (pictured?.has(where)) await page.screenshot({ path: join(pictures, `${where}.png`) });
  }
}

async function look(page: Page, name: string, path: string, device: string): Promise<void> {
  await page.goto(path);
  await page.locator('h1').waitFor();
  await page.waitForLoadState('networkidle');
  await examine(page, name, device);
}

describe.each([
  ['desktop', desktop],
  ['phone', phone],
] as const)('every screen, on a %s', (device, options) => {
  it('is accessible to all, in light and in dark', { timeout: 240_000 }, async () => {
    const { page, end } = await visit(browser, server.address, options);
    for (const [name, path] of Object.entries(publicScreens)) await look(page, name, path, device);
    await signIn(page, administrator);
    for (const [name, path] of Object.entries(screens())) await look(page, name, path, device);
    await lookAtWhatOpens(page, device);
    await end();
  });
});

async function lookAtWhatOpens(page: Page, device: string): Promise<void> {
  await page.goto(`/users/${user}`);
  await page.getByLabel('Choose a role').click();
  await page.getByRole('option', { name: 'admin' }).hover();
  await page.keyboard.press('ArrowDown');
  await examine(page, 'chooser', device);
  await page.getByRole('button', { name: 'Actions' }).click();
  await examine(page, 'menu-of-actions', device);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').waitFor();
  await examine(page, 'dialog', device);
  await page.keyboard.press('Escape');
  if (device === 'phone') await page.getByRole('button', { name: 'Open the menu' }).click();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await examine(page, 'menu-of-the-account', device);
}
