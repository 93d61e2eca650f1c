import { beforeAll, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { heading, signIn } from './harness/acts';
import { browserForTests, desktop, phone, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { administrator, serverForTests } from './harness/server';

const password = 'a long enough password';
const ann = { email: 'ann@example.com', password };
const reader = { email: 'reader@example.com', password };

const browser = browserForTests();
const server = serverForTests();

async function tryToSignIn(identifier: string, wrong: string): Promise<number> {
  const response = await fetch(`${server.address}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ identifier, password: wrong }),
  });
  return response.status;
}

beforeAll(async () => {
  const seed = await Seed.as(server.address);
  await seed.role({ name: 'readers', permissions: ['users:read'] });
  await seed.user({ ...ann, display_name: 'Ann Archer' });
  await seed.user({ ...reader, roles: ['readers'] });
  const registration = { email: 'new@example.com', password };
  await fetch(`${server.address}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(registration),
  });
  for (let attempt = 0; attempt < 5; attempt += 1) expect(await tryToSignIn(ann.email, 'wrong')).toBe(401);
});

it('tells how many users there are and leads to those who are counted', async () => {
  const { page, end } = await visit(browser, server.address);
  await signIn(page, administrator);
  const counts = page.getByRole('region', { name: 'Users' });
  await counts.getByRole('link', { name: /All users\s*4/ }).waitFor();
  await counts.getByRole('link', { name: /Active\s*4/ }).waitFor();
  await counts.getByRole('link', { name: /Waiting for approval\s*1/ }).click();
  await heading(page, 'Users').waitFor();
  await page.getByRole('link', { name: 'new@example.com' }).waitFor();
  expect(await page.getByRole('link', { name: 'ann@example.com' }).count()).toBe(0);
  await page.goBack();
  await counts.getByRole('link', { name: /Locked\s*1/ }).click();
  await page.getByRole('link', { name: 'ann@example.com' }).waitFor();
  expect(await page.getByRole('link', { name: 'new@example.com' }).count()).toBe(0);
  await end();
});

it('names what wants attention, and a lock is undone from where it leads', async () => {
  const { page, end } = await visit(browser, server.address);
  await signIn(page, administrator);
  await page.getByText('1 person waits to be let in.').waitFor();
  await page.getByText('1 account is locked after too many wrong passwords.').waitFor();
  await page.getByRole('link', { name: 'See who is locked' }).click();
  await page.getByRole('link', { name: 'ann@example.com' }).click();
  await heading(page, 'Ann Archer').waitFor();
  await page.getByRole('alert').getByText('Locked after too many wrong passwords').waitFor();
  await expectAccessible(page, 'a user who is locked');
  await page.getByRole('button', { name: 'Unlock now' }).click();
  await page.getByText('Ann Archer is unlocked.').waitFor();
  await page.getByRole('button', { name: 'Unlock now' }).waitFor({ state: 'detached' });
  await page.goto('/');
  await page.getByText('1 person waits to be let in.').waitFor();
  expect(await page.getByText('is locked after').count()).toBe(0);
  await end();
});

it('shows the sign-ins of a day by key, by pointing at it, and in a table', async () => {
  const { page, end } = await visit(browser, server.address);
  await signIn(page, administrator);
  const slider = page.getByRole('slider', { name: 'Day' });
  await page.getByRole('img', { name: /^Sign-ins of the last 30 days/ }).waitFor();
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/: \d+ signed in, 5 refused$/);
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/: 0 signed in, 0 refused$/);
  await page.keyboard.press('End');
  await page.getByRole('img', { name: /^Sign-ins/ }).hover({ position: { x: 3, y: 20 } });
  expect(await slider.inputValue()).toBe('0');
  await page.getByLabel('Period').selectOption('7');
  await page.getByRole('img', { name: /^Sign-ins of the last 7 days/ }).waitFor();
  await page.getByText('Show as a table').click();
  const rows = page.getByRole('row');
  expect(await rows.count()).toBe(8);
  expect(await rows.nth(1).getByRole('cell').last().textContent()).toBe('5');
  await end();
});

it.each([
  ['desktop', desktop],
  ['phone', phone],
] as const)('is accessible to all on a %s, opened and in the dark as well', async (device, options) => {
  const { page, end } = await visit(browser, server.address, options);
  await signIn(page, administrator);
  await page.getByText('Show as a table').click();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `overview-${device}-${colorScheme}`);
  }
  await end();
});

it('says what went wrong and tries again', async () => {
  const { page, end, allowRefusals } = await visit(browser, server.address);
  allowRefusals(500);
  let isBroken = true;
  await page.route('**/api/v1/overview**', (route) =>
    isBroken ? route.fulfill({ status: 500, body: '' }) : route.continue(),
  );
  await signIn(page, administrator);
  const retry = page.getByRole('button', { name: 'Try again' });
  await retry.waitFor();
  isBroken = false;
  await retry.click();
  await page.getByRole('region', { name: 'Users' }).waitFor();
  await end();
});

it('is there for whoever may see users, and nobody else asks for it', async () => {
  const { page, end } = await visit(browser, server.address);
  await signIn(page, reader);
  await page.getByRole('region', { name: 'Users' }).waitFor();
  await end();

  const other = await visit(browser, server.address);
  const asked: string[] = [];
  other.page.on('request', (request) => asked.push(request.url()));
  await signIn(other.page, ann);
  await other.page.getByText('No role gives you anything to administer yet.').waitFor();
  expect(asked.filter((url) => url.includes('/overview?'))).toEqual([]);
  await other.end();
});

it('shows what a user may do and through which role', async () => {
  const { page, end } = await visit(browser, server.address);
  await signIn(page, administrator, '/users?q=reader');
  await page.getByRole('link', { name: reader.email }).click();
  await page.getByRole('link', { name: 'Permissions' }).click();
  const granted = page.getByRole('listitem').filter({ hasText: 'users:read' });
  await granted.getByText('readers').waitFor();
  await expectAccessible(page, 'permissions of a user');
  await end();
});
