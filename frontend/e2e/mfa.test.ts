import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { act, type Credentials, fillSignIn, heading, signIn, signOut } from './harness/acts';
import { Authenticator } from './harness/authenticator';
import { browserForTests, phone, visit } from './harness/browser';
import { mailsForTests } from './harness/mails';
import { Seed } from './harness/seed';
import { administrator, serverForTests, startServer } from './harness/server';

const password = 'three old bridges';
const ann = { email: 'ann@example.com', password };
const ben = { email: 'ben@example.com', password };
const dora = { email: 'dora@example.com', password };

const browser = browserForTests();
const mails = mailsForTests();
const server = serverForTests({ REEVE_MAIL__URL: mails.url });
/** What Ann has after the first test. */
let authenticator: Authenticator;
let recoveryCodes: string[];

beforeAll(async () => {
  await (await Seed.as(server.address)).user({ ...ann, display_name: 'Ann Archer' });
});

async function expectAccessibleInBoth(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `${where}, ${colorScheme}`);
  }
}

async function expectFocusedAndInvalid(page: Page, label: string): Promise<void> {
  await page.getByRole('alert').first().waitFor();
  const field = page.getByLabel(label, { exact: true });
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
}

async function enterCode(page: Page, label: string, code: string): Promise<void> {
  await page.getByLabel(label).fill(code);
  await page.getByLabel(label).press('Enter');
}

const code = 'Code of the authenticator app';

describe('a second factor', () => {
  it('is set up with an authenticator, whose owner gets recovery codes once', async () => {
    const { context, page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(422);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.address });
    await signIn(page, ann, '/account?tab=security');
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    await page.getByRole('heading', { name: 'Scan this with your authenticator app' }).waitFor();
    await page.getByRole('img', { name: 'The secret as a picture' }).waitFor();
    await expectAccessibleInBoth(page, 'setting up');
    const secret = await page.getByLabel('No camera? Enter this instead').inputValue();
    const link = await page.getByRole('link', { name: 'Open an app' }).getAttribute('href');
    expect(link).toContain(`secret=${secret}`);
    await enterCode(page, 'The code that it shows now', '000000');
    await expectFocusedAndInvalid(page, 'The code that it shows now');

    authenticator = new Authenticator(secret);
    await enterCode(page, 'The code that it shows now', await authenticator.next());
    const kept = page.getByRole('heading', { name: 'Keep these recovery codes' });
    await kept.waitFor();
    expect(await kept.evaluate((element) => element === document.activeElement)).toBe(true);
    await expectAccessibleInBoth(page, 'recovery codes');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('They are in the clipboard.').waitFor();
    recoveryCodes = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
    expect(recoveryCodes).toHaveLength(10);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    const text = await readFile(await file.path(), 'utf8');
    expect(recoveryCodes.every((one) => text.includes(one)) && text.includes(ann.email)).toBe(true);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 recovery codes left').waitFor();
    expect(await page.content()).not.toContain(recoveryCodes[0]);
    await expectAccessibleInBoth(page, 'what is set up');
    await end();
  });

  it('is asked for on the way to where one wanted to be, and not again on a browser that one trusts', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    await page.goto('/account?tab=security');
    await fillSignIn(page, ann);
    await heading(page, 'Second step').waitFor();
    const field = page.getByLabel(code);
    await expect
      .poll(() => field.evaluate((element) => element === document.activeElement), { timeout: 5_000 })
      .toBe(true);
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
    await expectAccessibleInBoth(page, 'the second step');
    await enterCode(page, code, '000000');
    await expectFocusedAndInvalid(page, code);
    await expectAccessible(page, 'a wrong code');
    await page.getByLabel('Don’t ask on this browser').check();
    await enterCode(page, code, await authenticator.next());
    await heading(page, 'Your account').waitFor();
    expect(page.url()).toBe(`${server.address}/account?tab=security`);

    await signOut(page);
    await fillSignIn(page, ann);
    await heading(page, /^Welcome|^Your account/).waitFor();
    await page.goto('/account?tab=devices');
    await page.getByText('No second factor here').waitFor();
    await end();
  });

  it('is proved by a recovery code where the authenticator is lost', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address, phone);
    allowRefusals(401);
    await page.goto('/account?tab=security');
    await fillSignIn(page, ann);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await expectAccessibleInBoth(page, 'a recovery code on a phone');
    await enterCode(page, 'Recovery code', recoveryCodes[0]?.toLowerCase() ?? '');
    await heading(page, 'Your account').waitFor();
    await page.getByText('9 recovery codes left').waitFor();
    await expectAccessibleInBoth(page, 'what is set up, on a phone');
    await end();
  });

  it('leads back to sign-in, with a reason, when it is asked for no more', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(400);
    await page.goto('/account?tab=security');
    await fillSignIn(page, ann);
    await heading(page, 'Second step').waitFor();
    await post('/auth/login', { identifier: ann.email, password });
    await enterCode(page, code, '000000');
    await page.getByText('That took too long').waitFor();
    await expectAccessibleInBoth(page, 'a sign-in that took too long');
    await fillSignIn(page, ann);
    await page.getByRole('button', { name: 'Back to sign-in' }).click();
    await heading(page, 'Sign in').waitFor();
    await fillSignIn(page, ann);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await enterCode(page, 'Recovery code', recoveryCodes[1] ?? '');
    await heading(page, 'Your account').waitFor();
    await end();
  });

  it('is a mailed code for those whose role requires one and who have set up none', async () => {
    const admin = await visit(browser, server.address);
    await signIn(admin.page, administrator, '/roles/new');
    await admin.page.getByLabel('Name').fill('careful');
    await admin.page.getByLabel('Members need a second factor to sign in').check();
    await admin.page.getByRole('button', { name: 'Create', exact: true }).click();
    await heading(admin.page, 'careful').waitFor();
    await admin.page.getByText('Members need a second factor to sign in').waitFor();
    await expectAccessibleInBoth(admin.page, 'a role that requires a second factor');
    await (await Seed.as(server.address)).user({ ...ben, roles: ['careful'] });
    await admin.end();

    const { page, end } = await visit(browser, server.address, phone);
    await page.goto('/account?tab=security');
    await fillSignIn(page, ben);
    await heading(page, 'Second step').waitFor();
    await expectAccessibleInBoth(page, 'before a code is mailed');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    const first = await mailedCode(ben.email, []);
    await page.getByRole('button', { name: 'Send another code' }).click();
    const second = await mailedCode(ben.email, [first]);
    await expectAccessibleInBoth(page, 'after a code was mailed');
    await enterCode(page, 'Code from the mail', second);
    await heading(page, 'Your account').waitFor();
    await page.getByText('Until you set up an authenticator app').waitFor();
    await expectAccessibleInBoth(page, 'a hint to set up an authenticator');
    await end();
  });
});

describe('a proof in place', () => {
  it('is asked for when the last one is too old, on whatever screen, and what was begun goes on', async () => {
    const strict = await startServer({ REEVE_FRESHNESS__MAX_AGE: '5s' });
    const id = await (await Seed.as(strict.address)).user({ ...dora, display_name: 'Dora Dean' });
    const app = await enrol(strict.address, dora);

    const { page, allowRefusals, end } = await visit(browser, strict.address, phone);
    allowRefusals(401);
    await page.goto('/account?tab=security');
    await fillSignIn(page, dora);
    await enterCode(page, code, await app.next());
    await heading(page, 'Your account').waitFor();
    await setTimeout(5_500);
    await page.getByRole('button', { name: 'New recovery codes' }).click();
    const asking = page.getByRole('dialog', { name: 'Make new recovery codes?' });
    await asking.getByRole('button', { name: 'New recovery codes' }).click();
    const proof = page.getByRole('dialog', { name: 'Is it still you?' });
    await proof.waitFor();
    await expectAccessibleInBoth(page, 'a proof by password');
    await page.keyboard.press('Escape');
    await asking.getByText('Nothing was done').waitFor();
    await asking.getByRole('button', { name: 'New recovery codes' }).click();
    await proof.getByLabel('Password', { exact: true }).fill('not the password');
    await proof.getByRole('button', { name: 'Go on' }).click();
    await expectFocusedAndInvalid(page, 'Password');
    await proof.getByRole('button', { name: 'Use a code' }).click();
    await expectAccessibleInBoth(page, 'a proof by a code');
    await enterCode(page, code, await app.next());
    await page.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor();
    await end();

    const admin = await visit(browser, strict.address);
    admin.allowRefusals(401);
    await signIn(admin.page, administrator, `/users/${id}`);
    await admin.page.getByText('Second factor', { exact: true }).waitFor();
    await setTimeout(5_500);
    await admin.page.getByRole('button', { name: 'Actions' }).click();
    await admin.page.getByRole('button', { name: 'Remove second factor' }).click();
    await expectAccessibleInBoth(admin.page, 'removing somebody’s second factor');
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Remove second factor' }).click();
    const again = admin.page.getByRole('dialog', { name: 'Is it still you?' });
    expect(await again.getByRole('button', { name: 'Use a code' }).count()).toBe(0);
    await again.getByLabel('Password', { exact: true }).fill(administrator.password);
    await again.getByRole('button', { name: 'Go on' }).click();
    await admin.page.getByText('The second factor of Dora Dean is removed.').waitFor();
    await admin.page.getByText('Not set up', { exact: true }).waitFor();
    await admin.end();

    const dorasOwn = await visit(browser, strict.address);
    await signIn(dorasOwn.page, dora);
    await dorasOwn.end();
    await strict.stop();
  });

  it('is no part of removing a second factor while the last one is recent', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    await signIn(page, administrator, '/users?filter=mfa_enabled:eq:true');
    await page.getByRole('link', { name: ann.email }).click();
    await heading(page, 'Ann Archer').waitFor();
    await act(page, 'Remove second factor');
    await page.getByText('Not set up', { exact: true }).waitFor();
    await end();
  });
});

/** The code in the newest mail to somebody, other than those that are known. */
function mailedCode(to: string, known: string[]): Promise<string> {
  return mails.find(`another code for ${to}`, ({ headers, body }) => {
    const code = headers.includes(to) ? /\b\d{8}\b(?=\s)/.exec(body)?.[0] : undefined;
    return code && !known.includes(code) ? code : undefined;
  });
}

async function post(path: string, body: object, token?: string, address = server.address) {
  const response = await fetch(`${address}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

async function enrol(address: string, { email: identifier, password }: Credentials): Promise<Authenticator> {
  const { access_token: token } = await post('/auth/login', { identifier, password }, undefined, address);
  const { secret = '' } = await post('/me/mfa/totp', {}, token, address);
  const app = new Authenticator(secret);
  await post('/me/mfa/totp/confirm', { code: await app.next() }, token, address);
  return app;
}
