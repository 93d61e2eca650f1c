import { describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { fillSignIn, heading, signIn, signOut } from './harness/acts';
import { browserForTests, visit } from './harness/browser';
import { type Mail, mailsForTests } from './harness/mails';
import { administrator, serverForTests } from './harness/server';

const ann = { email: 'ann@example.com', password: 'three old bridges' };
const newPassword = 'four new bridges over it';

const browser = browserForTests();
const mails = mailsForTests();
const server = serverForTests({ REEVE_MAIL__URL: mails.url, REEVE_REGISTRATION: 'open' });

describe('a mailed link', () => {
  it('verifies an address by a button, and sign-in is refused before', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    await page.goto('/register');
    await page.getByLabel('Email').fill(ann.email);
    await page.getByLabel('Password', { exact: true }).fill(ann.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await heading(page, 'Check your email').waitFor();
    await page.getByRole('link', { name: 'No mail? Send it again.' }).click();
    await heading(page, 'Confirm your address').waitFor();
    const link = await mails.link('verify-email');
    await page.goto('/sign-in');
    await fillSignIn(page, ann);
    await page.getByRole('alert').waitFor();
    await page.goto(link);
    await heading(page, 'Is this address yours?').waitFor();
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await heading(page, 'Your address is confirmed').waitFor();
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await fillSignIn(page, ann);
    await heading(page, /^Welcome/).waitFor();
    await end();
  });

  it('sets a forgotten password once, and says plainly when it is used up', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(400);
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgotten your password?' }).click();
    await page.getByLabel('Email').fill(ann.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await heading(page, 'Check your email').waitFor();
    const link = await mails.link('reset-password');
    for (const outcome of ['changed', 'used up']) {
      await page.goto(link);
      await page.getByLabel('New password').fill(newPassword);
      await page.getByRole('button', { name: 'Set the password' }).click();
      if (outcome === 'changed') await heading(page, 'Your password is changed').waitFor();
      else await heading(page, 'This link is no longer good').waitFor();
    }
    await expectAccessible(page, 'a link that is used up');
    await page.getByRole('link', { name: 'Send me another link' }).click();
    await heading(page, 'Choose a new password').waitFor();
    await page.goto('/sign-in');
    await fillSignIn(page, { ...ann, password: newPassword });
    await heading(page, /^Welcome/).waitFor();
    await end();
  });

  it('takes up an account that an administrator made', async () => {
    const admin = await visit(browser, server.address);
    await signIn(admin.page, administrator, '/users/new');
    await admin.page.getByLabel('Email').fill('ben@example.com');
    await admin.page.getByRole('button', { name: 'Create' }).click();
    await admin.page.getByText('has been created').waitFor();
    const lost = await mails.link('invitation');
    await admin.page.getByRole('button', { name: 'Actions' }).click();
    await admin.page.getByRole('button', { name: 'Mail a link' }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Mail a link' }).click();
    await admin.page.getByText('A link is on its way to ben@example.com').waitFor();
    await admin.end();
    const { page, end } = await visit(browser, server.address);
    const again = await mails.find('another invitation', ({ body }) => {
      const link = /\/invitation\?token=[\w-]+/.exec(body)?.[0];
      return link === lost ? undefined : link;
    });
    await page.goto(again);
    await page.getByLabel(/^Name/).fill('Ben Baker');
    await page.getByLabel('Password', { exact: true }).fill(ann.password);
    await page.getByRole('button', { name: 'Begin' }).click();
    await heading(page, 'Welcome, Ben Baker').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    await end();
  });

  it('takes up an account that came out of a file, where its importer had them invited', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, administrator, '/users/import');
    const buffer = Buffer.from('email,display_name\ncleo@example.com,Cleo Carter\n');
    await page.getByLabel('File').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
    await page.getByLabel('Mail them an invitation').check();
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByRole('button', { name: 'Import 1 user' }).click();
    await page.getByText('1 user has been imported').waitFor();
    const isCleos = ({ headers }: Mail) => headers.includes('cleo@example.com');
    expect(
      await mails.find('Cleo’s invitation', (mail) => (isCleos(mail) ? mail.body : undefined)),
    ).toContain('/invitation?token=');
    await end();
  });

  it('changes one’s own address while one is signed in, and the account can be deleted', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    const ben = { email: 'ben@example.com', password: ann.password };
    await signIn(page, ben, '/account');
    await page.getByLabel('New address').fill('benny@example.com');
    await page.getByRole('button', { name: 'Change address' }).click();
    await page.getByText('A link is on its way to benny@example.com').waitFor();
    await page.goto(await mails.link('confirm-email'));
    await page.getByRole('button', { name: 'Use this address' }).click();
    await heading(page, 'Your address is changed').waitFor();
    await page.getByRole('link', { name: 'Go on to your account' }).click();
    await page.getByText('You sign in as benny@example.com.').waitFor();
    await signOut(page);
    await fillSignIn(page, { ...ben, email: 'benny@example.com' });
    await heading(page, /^Welcome/).waitFor();
    await page.goto('/account');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete my account' }).click();
    await heading(page, 'Sign in').waitFor();
    await page.getByText('Your account has been deleted.').waitFor();
    expect(page.url()).toBe(`${server.address}/sign-in`);
    await fillSignIn(page, { ...ben, email: 'benny@example.com' });
    await page.getByRole('alert').getByText('do not match').waitFor();
    await end();
  });
});
