import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { heading, signIn } from './harness/acts';
import { browserForTests, desktop, phone, visit } from './harness/browser';
import { folderForTests } from './harness/folder';
import { Seed } from './harness/seed';
import { administrator, serverForTests } from './harness/server';

const reeve = promisify(execFile);

const browser = browserForTests();
const server = serverForTests();
const folder = folderForTests();

beforeAll(async () => {
  const id = await (await Seed.as(server.address)).user({
    email: 'ann@example.com',
    password: 'a long enough password',
    display_name: 'Ann Archer',
  });
  const { page, end } = await visit(browser, server.address);
  await signIn(page, administrator, `/users/${id}/edit`);
  await page.getByLabel('Name (optional)', { exact: true }).fill('Ann Baker');
  await page.getByRole('button', { name: 'Save' }).click();
  await heading(page, 'Ann Baker').waitFor();
  await end();
});

/** Opens the details of the one event that a filter leaves, once it has its place in the chain. */
async function openDetails(page: Page): Promise<void> {
  const details = page.getByRole('button', { name: /^Show the details of user.updated/ });
  for (let tries = 0; tries < 20; tries++) {
    await details.click();
    await page.getByText('Place in the chain').waitFor();
    if ((await page.getByText('Not linked yet').count()) === 0) return;
    await page.reload();
  }
  throw new Error('The event was never linked');
}

describe('the audit trail', () => {
  it.each([
    ['desktop', desktop],
    ['phone', phone],
  ] as const)(
    'tells what was before and after, by whom, and its place in the chain (%s)',
    async (_, device) => {
      const { page, end } = await visit(browser, server.address, device);
      await signIn(page, administrator, '/audit?filter=action:eq:user.updated');
      await openDetails(page);
      const change = page.getByRole('table', { name: 'Changes' }).getByRole('row', { name: /display_name/ });
      expect(await change.getByRole('cell').allTextContents()).toEqual(['Ann Archer', 'Ann Baker']);
      const facts = page.locator('dl');
      await facts.getByText(administrator.email).waitFor();
      await facts.getByText('127.0.0.1').waitFor();
      expect(await facts.getByText(/^[0-9a-f]{64}$/).count()).toBe(2);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expectAccessible(page, `an event, ${colorScheme}`);
      }
      await end();
    },
  );

  it('leaves as a file that is verified without the server, and not when a word of it was changed', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, administrator, '/audit?filter=action:eq:user.updated');
    await openDetails(page);
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'as NDJSON' }).click(),
    ]);
    const [whole, forged] = [join(folder, 'whole.ndjson'), join(folder, 'forged.ndjson')];
    await copyFile(await download.path(), whole);
    await end();

    const binary = process.env.REEVE_BIN ?? '';
    await reeve(binary, ['audit', 'verify', '--file', whole]);
    const text = await readFile(whole, 'utf8');
    await writeFile(forged, text.replace('Ann Archer', 'Ann Butler'));
    await expect(reeve(binary, ['audit', 'verify', '--file', forged])).rejects.toThrow('in the audit trail');
  });
});
