import { describe, expect, it } from 'vitest';
import { fillSignIn, heading, signIn, signOut } from './harness/acts';
import { browserForTests, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { administrator, serverForTests } from './harness/server';

const browser = browserForTests();
const server = serverForTests();

describe('a session', () => {
  it('begins at the deep link that was opened signed out', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    await page.goto('/account?tab=security#here');
    await heading(page, 'Sign in').waitFor();
    await fillSignIn(page, { ...administrator, password: 'not the password' });
    await page.getByRole('alert').waitFor();
    await fillSignIn(page, administrator);
    await heading(page, 'Your account').waitFor();
    expect(page.url()).toBe(`${server.address}/account?tab=security#here`);
    await page.getByLabel('Current password').waitFor();
    await end();
  });

  it('survives a reload without a credential that a script could read', async () => {
    const { page, context, end } = await visit(browser, server.address);
    await signIn(page, administrator);
    await page.reload();
    await heading(page, /^Welcome/).waitFor();
    const cookies = await context.cookies();
    expect(cookies.map(({ name }) => name).sort()).toEqual(['reeve_device', 'reeve_refresh']);
    for (const { httpOnly, sameSite } of cookies) {
      expect({ httpOnly, sameSite }).toEqual({ httpOnly: true, sameSite: 'Strict' });
    }
    const readable = await page.evaluate(
      () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
    );
    expect(readable).not.toMatch(/ey[\w-]{10,}/);
    await end();
  });

  it('is kept by two tabs that renew at the same moment, and ended by either in both', async () => {
    const { page, context, allowRefusals, end } = await visit(browser, server.address);
    await signIn(page, administrator);
    const other = await context.newPage();
    await other.goto('/account');
    await heading(other, 'Your account').waitFor();
    await Promise.all([page.reload(), other.reload()]);
    await Promise.all([heading(page, /^Welcome/).waitFor(), heading(other, 'Your account').waitFor()]);

    allowRefusals(401);
    await signOut(page);
    await heading(other, 'Sign in').waitFor();
    await other.reload();
    await heading(other, 'Sign in').waitFor();
    await end();
  });

  it('can be ended from another device', async () => {
    const here = await visit(browser, server.address);
    const there = await visit(browser, server.address);
    there.allowRefusals(401);
    await signIn(there.page, administrator);
    await signIn(here.page, administrator, '/account?tab=devices');
    const sessions = here.page.locator('section').filter({ hasText: 'Where you are signed in' });
    await sessions.getByText('This device').waitFor();
    await sessions.getByRole('button', { name: 'End all others' }).click();
    await here.page.getByText('All other sessions have ended.').waitFor();
    await there.page.getByRole('link', { name: 'Users', exact: true }).click();
    await heading(there.page, 'Sign in').waitFor();
    await here.end();
    await there.end();
  });

  it('is not lost while the server can’t be reached', async () => {
    const { page, context, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(503);
    await signIn(page, administrator);
    await context.route('**/api/v1/auth/refresh', (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable"}' }),
    );
    await page.reload();
    await heading(page, 'Reeve can’t be reached').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await context.unroute('**/api/v1/auth/refresh');
    // Without a click: it asks again by itself.
    await heading(page, /^Welcome/).waitFor();
    await end();
  });

  it('goes on where it was when the connection is back', async () => {
    const { page, context, allowOutage, end } = await visit(browser, server.address);
    allowOutage();
    const fetchedAhead = page.waitForResponse(/UsersPage/);
    await signIn(page, administrator);
    await fetchedAhead;
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await heading(page, 'Users').waitFor();
    await page.getByText('The server can’t be reached').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: administrator.email }).waitFor();
    await end();
  });

  it('is found again at another name of the same machine', async () => {
    const { page, end } = await visit(browser, server.address);
    const { port } = new URL(server.address);
    await page.goto(`http://127.0.0.1:${port}/account`);
    await fillSignIn(page, administrator);
    await heading(page, 'Your account').waitFor();
    await page.goto(`http://127.0.0.1:${port}/account`);
    await heading(page, 'Your account').waitFor();
    expect(page.url()).toBe(`${server.address}/account`);
    await end();
  });
});

describe('one’s own account', () => {
  it('keeps a changed profile, and says at its field what it can’t keep', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(422);
    await signIn(page, administrator, '/account');
    const language = page.getByLabel('Language for mails and dates');
    await page.getByLabel('Name (optional)', { exact: true }).fill('Ada Admin');
    await language.fill('not a language');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').waitFor();
    expect(await language.getAttribute('aria-invalid')).toBe('true');

    await language.fill('de-CH');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('button', { name: 'Account of Ada Admin' }).waitFor();
    await page.reload();
    await heading(page, 'Your account').waitFor();
    expect(await page.getByLabel('Name (optional)', { exact: true }).inputValue()).toBe('Ada Admin');
    expect(await language.inputValue()).toBe('de-CH');
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    const moment = await page.locator('time').first().getAttribute('title');
    expect(moment).toMatch(/^\d{2}\.\d{2}\.\d{4}/);
    await end();
  });

  it('with a new password keeps this session and ends all others', async () => {
    const seed = await Seed.as(server.address);
    const ann = { email: 'ann@example.com', password: 'three old bridges' };
    await seed.role({ name: 'reader', permissions: ['users:read'] });
    await seed.user({ ...ann, roles: ['reader'] });
    const here = await visit(browser, server.address);
    const there = await visit(browser, server.address);
    there.allowRefusals(401);
    await signIn(here.page, ann, '/account?tab=security');
    await signIn(there.page, ann);
    await here.page.getByLabel('Current password').fill(ann.password);
    await here.page.getByLabel('New password').fill('three new bridges');
    await here.page.getByRole('button', { name: 'Change password' }).click();
    await here.page.getByText('Your password is changed').waitFor();
    expect(await here.page.getByLabel('Current password').inputValue()).toBe('');
    await here.page.getByRole('link', { name: 'Devices', exact: true }).click();
    await here.page.getByText('This device').first().waitFor();
    expect(await here.page.getByRole('button', { name: /^End the session/ }).count()).toBe(0);

    await there.page.getByRole('link', { name: 'Users', exact: true }).click();
    await heading(there.page, 'Sign in').waitFor();
    await here.page.reload();
    await heading(here.page, 'Your account').waitFor();
    await here.end();
    await there.end();
  });

  it('takes a new password, and signs in with that one only', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401, 422);
    await signIn(page, administrator, '/account?tab=security');
    const next = 'another gate, another key';
    const change = async (current: string, wanted: string) => {
      await page.getByLabel('Current password').fill(current);
      await page.getByLabel('New password').fill(wanted);
      await page.getByRole('button', { name: 'Change password' }).click();
    };
    await change('not my password', next);
    await page.getByText('This is not your current password.').first().waitFor();
    await change(administrator.password, next);
    await page.getByText('Your password is changed').waitFor();
    await signOut(page);
    await fillSignIn(page, administrator);
    await page.getByRole('alert').waitFor();
    await fillSignIn(page, { ...administrator, password: next });
    await page.locator('#content h1').waitFor();
    await end();
  });
});
