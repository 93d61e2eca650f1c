import { beforeAll, describe, expect, it } from 'vitest';
import { act, heading, signIn } from './harness/acts';
import { browserForTests, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { administrator, serverForTests } from './harness/server';

const browser = browserForTests();
const server = serverForTests();

beforeAll(async () => {
  const seed = await Seed.as(server.address);
  await seed.role({ name: 'editor', permissions: ['users:read'] });
  for (let number = 10; number < 40; number += 1) {
    await seed.user({ email: `person${number}@example.com`, display_name: `Person ${number}` });
  }
});

async function openUsers(path = '/users') {
  const visitor = await visit(browser, server.address);
  await signIn(visitor.page, administrator, path);
  const { page } = visitor;
  const rows = page.getByRole('table', { name: 'Users' }).getByRole('row');
  await rows.nth(1).waitFor();
  return { ...visitor, rows };
}

describe('the list of users', () => {
  it('searches, and keeps the search in the address', async () => {
    const { page, rows, end } = await openUsers();
    await page.getByRole('searchbox').fill('person17');
    await page.getByText('1–1 of 1').waitFor();
    expect(await rows.count()).toBe(2);
    await page.reload();
    await page.getByText('1–1 of 1').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('person17');
    await end();
  });

  it('filters by what a chip then says, until the chip is taken away', async () => {
    const { page, end } = await openUsers();
    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByLabel('Condition').selectOption('ends_with');
    await page.getByLabel('Value').fill('9@example.com');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('1–3 of 3').waitFor();
    await page.getByRole('button', { name: /^Remove the filter/ }).click();
    await page.getByText('of 31').waitFor();
    await end();
  });

  it('sorts by a column, up and down', async () => {
    const { page, rows, end } = await openUsers('/users?filter=email:starts_with:person');
    const head = page.getByRole('button', { name: 'Email', exact: true });
    await head.click();
    await rows.nth(1).getByText('person10@example.com').waitFor();
    await head.click();
    await rows.nth(1).getByText('person39@example.com').waitFor();
    expect(await page.getByRole('columnheader', { name: 'Email' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await end();
  });

  it('pages forward and back, and from a link into the middle', async () => {
    const { page, rows, end } = await openUsers('/users?sort=email&limit=10&filter=email:starts_with:person');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('11–20 of 30').waitFor();
    await rows.nth(1).getByText('person20@example.com').waitFor();
    await page.reload();
    await rows.nth(1).getByText('person20@example.com').waitFor();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await rows.nth(1).getByText('person10@example.com').waitFor();
    await end();
  });

  it('changes several at once', async () => {
    const { page, rows, end } = await openUsers('/users?q=person3&sort=email');
    await page.getByRole('checkbox', { name: 'Select Person 30' }).check();
    await page.getByRole('checkbox', { name: 'Select Person 31' }).check();
    await page.getByText('2 selected').waitFor();
    await act(page, 'Deactivate');
    await page.getByText('2 users changed.').waitFor();
    await rows.nth(1).getByText('Inactive').filter({ visible: true }).first().waitFor();
    await end();
  });

  it('exports what it shows', async () => {
    const { page, end } = await openUsers('/users?q=person17');
    await page.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('users.csv');
    const stream = await file.createReadStream();
    const text = (await stream.toArray()).join('');
    expect(text).toContain('person17@example.com');
    expect(text).not.toContain('person18@example.com');
    await end();
  });
});

describe('one user', () => {
  it('is created, edited, given a role, and deleted', async () => {
    const { page, end } = await openUsers();
    await page.getByRole('link', { name: 'New user' }).click();
    await page.getByLabel('Email').fill('dora@example.com');
    await page.getByLabel('Name (optional)', { exact: true }).fill('Dora');
    await page.getByLabel('Password (optional)').fill('a long enough password');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await heading(page, 'Dora').waitFor();

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Name (optional)', { exact: true }).fill('Dora Dean');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await heading(page, 'Dora Dean').waitFor();

    await page.getByLabel('Choose a role').fill('edi');
    await page.getByRole('option', { name: 'editor' }).click();
    await page.getByRole('button', { name: 'Add role' }).click();
    await page.getByRole('button', { name: 'Remove the role editor' }).waitFor();

    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('user.created').first().waitFor();

    await act(page, 'Delete');
    await heading(page, 'Users').waitFor();
    await page.getByText('Dora Dean has been deleted.').waitFor();
    await end();
  });

  it('is given the role that is shown, and none by a text that names none', async () => {
    const { page, end } = await openUsers('/users?q=person15');
    await page.getByRole('link', { name: 'person15@example.com' }).click();
    const role = page.getByRole('combobox', { name: 'Choose a role' });
    await role.fill('edi');
    await role.press('Enter');
    expect(await role.inputValue()).toBe('editor');
    await role.fill('edtor');
    await page.getByRole('button', { name: 'Add role' }).click();
    await page.getByText('There is no such choice.').waitFor();
    expect(await role.inputValue()).toBe('edtor');
    expect(await role.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await page.getByRole('button', { name: 'Remove the role editor' }).count()).toBe(0);
    await role.fill('editor');
    await page.getByRole('button', { name: 'Add role' }).click();
    await page.getByRole('button', { name: 'Remove the role editor' }).waitFor();
    await end();
  });

  it('leaves the focus where one was, after a dialog that led to nothing and after one that did', async () => {
    const { page, end } = await openUsers('/users?q=person16');
    const focused = page.locator(':focus');
    await page.getByRole('link', { name: 'person16@example.com' }).click();
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused.textContent()).toBe('Actions');

    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('backup');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('dialog', { name: 'The key backup' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await expect.poll(() => focused.textContent()).toBe('New API key');

    await page.getByRole('button', { name: 'Delete the key backup' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The key backup has been deleted.').waitFor();
    await expect.poll(() => focused.textContent()).toBe('Person 16');
    await end();
  });

  it('is gone once deleted, for whoever goes back to it, too', async () => {
    const seed = await Seed.as(server.address);
    const id = await seed.user({ email: 'gone@example.com', display_name: 'Gone Soon' });
    const { page, allowRefusals, end } = await openUsers();
    allowRefusals(404);
    await page.goto(`/users/${id}`);
    await heading(page, 'Gone Soon').waitFor();
    await act(page, 'Delete');
    await heading(page, 'Users').waitFor();
    await page.goBack();
    await heading(page, 'There is nothing here').waitFor();
    expect(await page.getByRole('button', { name: 'Actions' }).count()).toBe(0);
    await end();
  });

  it('whose email is taken is refused at the field', async () => {
    const { page, allowRefusals, end } = await openUsers();
    allowRefusals(409);
    await page.getByRole('link', { name: 'New user' }).click();
    await page.getByLabel('Email').fill('PERSON10@example.com');
    await page.getByLabel('Password (optional)').fill('a long enough password');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Another account has this email.').first().waitFor();
    await end();
  });

  it('that somebody else saved meanwhile is not overwritten', async () => {
    const { page, context, allowRefusals, end } = await openUsers('/users?q=person12');
    allowRefusals(412);
    await page.getByRole('link', { name: 'person12@example.com' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    const name = page.getByLabel('Name (optional)', { exact: true });
    await name.fill('Mine');

    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByLabel('Name (optional)', { exact: true }).fill('Theirs');
    await other.getByRole('button', { name: 'Save changes' }).click();
    await heading(other, 'Theirs').waitFor();

    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Changed meanwhile').waitFor();
    expect(await name.inputValue()).toBe('Mine');
    await page.getByRole('button', { name: 'Reload', exact: true }).click();
    await expect.poll(() => name.inputValue()).toBe('Theirs');
    await end();
  });

  it('who is the last administrator stays', async () => {
    const { page, allowRefusals, end } = await openUsers('/users?q=admin');
    allowRefusals(409);
    await page.getByRole('link', { name: administrator.email }).click();
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alert').getByText('last active administrator').waitFor();
    await end();
  });
});

describe('an import', () => {
  it('shows every mistake by its line, and imports only a clean file', async () => {
    const { page, end } = await openUsers();
    await page.getByRole('link', { name: 'Import' }).click();
    const choose = (text: string) =>
      page
        .getByLabel('File')
        .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    const head = 'email,username,display_name,active,roles\n';
    await choose(`${head}not an address,,,true,\n`);
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('1 mistake; nothing is imported.').waitFor();
    await page.getByRole('cell', { name: '2', exact: true }).waitFor();

    await choose(`${head}gus@example.com,gus,Gus,true,editor\n`);
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByRole('button', { name: 'Import 1 user' }).click();
    await page.getByText('1 user has been imported.').waitFor();
    await end();
  });
});
