import { beforeAll, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { signIn, signOut } from './harness/acts';
import { browserForTests, desktop, phone, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { serverForTests } from './harness/server';

const ann = { email: 'ann@example.com', password: 'a long enough password' };

const browser = browserForTests();
const server = serverForTests();

beforeAll(async () => {
  const seed = await Seed.as(server.address);
  await seed.user({ ...ann, display_name: 'Ann Archer' });
});

it('lists the browsers one has signed in on, and forgets one without signing it out', async () => {
  const first = await visit(browser, server.address);
  await signIn(first.page, ann, '/account?tab=devices');
  const second = await visit(browser, server.address, { ...desktop, userAgent: 'Mozilla/5.0 Firefox/133.0' });
  await signIn(second.page, ann, '/account?tab=devices');

  const devices = second.page.locator('section').filter({ hasText: 'Known devices' });
  await devices.getByText('This device').waitFor();
  expect(await devices.getByRole('listitem').count()).toBe(2);
  await expectAccessible(second.page, 'devices');
  await devices.getByRole('listitem').filter({ hasText: 'Chrome' }).getByRole('button').click();
  await second.page.getByText('The device is forgotten. Signing in on it counts as new.').waitFor();
  await devices.getByRole('listitem').nth(1).waitFor({ state: 'detached' });
  expect(await devices.getByRole('button', { name: 'Forget all others' }).count()).toBe(0);

  // The session on it goes on, and after the next sign-in it is there again.
  await first.page.reload();
  await first.page.getByRole('heading', { name: 'Your account' }).waitFor();
  await signOut(first.page);
  await signIn(first.page, ann, '/account?tab=devices');
  const known = first.page.locator('section').filter({ hasText: 'Known devices' });
  await known.getByRole('listitem').nth(1).waitFor();
  await known.getByRole('button', { name: 'Forget all others' }).click();
  await first.page.getByText('All other devices are forgotten.').waitFor();
  await known.getByRole('listitem').nth(1).waitFor({ state: 'detached' });
  await known.getByText('This device').waitFor();
  await first.end();
  await second.end();
});

it('shows who signed in and who was refused, and more on demand', async () => {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const response = await fetch(`${server.address}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'guesser/1.0' },
      body: JSON.stringify({ identifier: ann.email, password: attempt % 4 ? ann.password : 'wrong' }),
    });
    expect(response.status).toBe(attempt % 4 ? 200 : 401);
  }
  const { page, end } = await visit(browser, server.address, phone);
  await signIn(page, ann, '/account?tab=devices');
  const list = page.locator('section').filter({ hasText: 'Recent sign-ins' });
  await list.getByText('wrong password').first().waitFor();
  expect(await list.getByRole('listitem').count()).toBe(10);
  await list.getByText('guesser/1.0').first().waitFor();
  await list.getByText('127.0.0.1').first().waitFor();
  await list.getByRole('button', { name: 'Show more' }).click();
  await list.getByRole('listitem').nth(12).waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `recent sign-ins, ${colorScheme}`);
  }
  await end();
});
