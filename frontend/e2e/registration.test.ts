import { describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { act, fillSignIn, heading, signIn, signOut } from './harness/acts';
import { browserForTests, visit } from './harness/browser';
import { mailsForTests } from './harness/mails';
import { administrator, serverForTests, startServer } from './harness/server';

const ann = { email: 'ann@example.com', password: 'three old bridges' };

const browser = browserForTests();
const server = serverForTests();

describe('somebody new', () => {
  it('is told what is wrong with a password, at its field', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(422);
    await page.goto('/register');
    await page.getByLabel('Email').fill(ann.email);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Create account' }).click();
    const password = page.getByLabel('Password', { exact: true });
    await page.getByRole('alert').waitFor();
    expect(await password.getAttribute('aria-invalid')).toBe('true');
    expect(await password.evaluate((field) => field === document.activeElement)).toBe(true);
    await end();
  });

  it('registers, waits, is refused, is approved, and signs in', async () => {
    const stranger = await visit(browser, server.address);
    stranger.allowRefusals(401);
    await stranger.page.goto('/sign-in');
    await stranger.page.getByRole('link', { name: 'Register' }).click();
    await stranger.page.getByLabel('Email').fill(ann.email);
    await stranger.page.getByLabel('Name', { exact: false }).first().fill('Ann Archer');
    await stranger.page.getByLabel('Password', { exact: true }).fill(ann.password);
    await stranger.page.getByRole('button', { name: 'Create account' }).click();
    await heading(stranger.page, 'Waiting for approval').waitFor();

    await stranger.page.getByRole('link', { name: 'Back to sign-in' }).click();
    await fillSignIn(stranger.page, ann);
    await stranger.page.getByRole('alert').getByText('do not match').waitFor();

    const admin = await visit(browser, server.address);
    await signIn(admin.page, administrator, '/users');
    await admin.page.getByRole('link', { name: ann.email }).click();
    await heading(admin.page, 'Ann Archer').waitFor();
    await admin.page.getByText('Waiting for approval').waitFor();
    await act(admin.page, 'Approve');
    await admin.page.getByText('is approved').waitFor();
    await admin.end();

    await fillSignIn(stranger.page, ann);
    await heading(stranger.page, 'Welcome, Ann Archer').waitFor();
    await stranger.end();
  });
});

describe('somebody new whose address is to be verified', () => {
  const mails = mailsForTests();
  const strict = serverForTests({ REEVE_MAIL__URL: mails.url });

  it('is told of the mail, is approved with a word on it, and signs in after both', async () => {
    const stranger = await visit(browser, strict.address);
    stranger.allowRefusals(401);
    await stranger.page.goto('/register');
    await stranger.page.getByLabel('Email').fill(ann.email);
    await stranger.page.getByLabel('Password', { exact: true }).fill(ann.password);
    await stranger.page.getByRole('button', { name: 'Create account' }).click();
    await stranger.page.getByText(`If a mail reaches ${ann.email}, open the link in it`).waitFor();
    await expectAccessible(stranger.page, 'waiting for approval');

    const admin = await visit(browser, strict.address);
    await signIn(admin.page, administrator, '/users');
    const row = admin.page.getByRole('row').filter({ hasText: ann.email });
    await row.getByText('Email not verified').locator('visible=true').waitFor();
    await row.getByRole('link', { name: ann.email }).click();
    await heading(admin.page, ann.email).waitFor();
    await admin.page.getByText('Email not verified').waitFor();
    await admin.page.getByRole('button', { name: 'Actions' }).click();
    await admin.page.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByText('as soon as they have verified it').waitFor();
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await admin.page.getByText('is approved').waitFor();
    await admin.end();

    await stranger.page.getByRole('link', { name: 'Back to sign-in' }).click();
    await fillSignIn(stranger.page, ann);
    await stranger.page.getByRole('alert').getByText('do not match').waitFor();
    await stranger.page.getByRole('link', { name: 'Haven’t got the mail' }).click();
    await heading(stranger.page, 'Confirm your address').waitFor();
    expect(await stranger.page.getByLabel('Email').inputValue()).toBe(ann.email);
    await stranger.page.goto(await mails.link('verify-email'));
    await stranger.page.getByRole('button', { name: 'Confirm the address' }).click();
    await stranger.page.getByRole('link', { name: 'Back to sign-in' }).click();
    await fillSignIn(stranger.page, ann);
    await heading(stranger.page, /^Welcome/).waitFor();
    await stranger.end();
  });
});

describe('the first start', () => {
  it('without credentials prints a link that makes the first administrator, once', async () => {
    const fresh = await startServer({
      REEVE_BOOTSTRAP__EMAIL: undefined,
      REEVE_BOOTSTRAP__PASSWORD: undefined,
    });
    const { page, end } = await visit(browser, fresh.address);
    const link = await fresh.setUpLink();
    await page.goto('/');
    await page.getByText('Nobody can sign in yet.').waitFor();
    await expectAccessible(page, 'before there is an administrator');
    await page.goto(link);
    await page.getByLabel('Email').fill('first@example.com');
    await page.getByLabel('Password', { exact: true }).fill(administrator.password);
    await page.getByRole('button', { name: 'Create administrator' }).click();
    await heading(page, /^Welcome/).waitFor();
    await signOut(page);
    await page.getByRole('link', { name: 'Register' }).waitFor();
    expect(await page.getByText('Nobody can sign in yet.').count()).toBe(0);
    await fillSignIn(page, { ...administrator, email: 'first@example.com' });
    await heading(page, /^Welcome/).waitFor();
    await page.reload();
    await heading(page, /^Welcome/).waitFor();

    const late = await visit(browser, fresh.address);
    late.allowRefusals(400, 409);
    await late.page.goto(link);
    await late.page.getByLabel('Email').fill('second@example.com');
    await late.page.getByLabel('Password', { exact: true }).fill(administrator.password);
    await late.page.getByRole('button', { name: 'Create administrator' }).click();
    await heading(late.page, 'This link is no longer good').waitFor();
    await late.page.getByRole('link', { name: 'Back to sign-in' }).click();
    await heading(late.page, 'Sign in').waitFor();
    await late.end();
    await end();
    await fresh.stop();
  });
});
