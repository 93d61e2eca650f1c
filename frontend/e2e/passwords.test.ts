import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { heading, signIn } from './harness/acts';
import { browserForTests, phone, visit } from './harness/browser';
import { administrator, serverForTests } from './harness/server';

const good = 'seven kites over water';

const browser = browserForTests();
const server = serverForTests({ REEVE_PASSWORD__HISTORY: '3' });

function said(page: Page, text: string | RegExp) {
  return page.locator('[aria-live="polite"]').getByText(text);
}

describe('somebody who chooses a password', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is told while typing how strong it is, on a phone and in ${colorScheme} colours too`, async () => {
      const { page, end } = await visit(browser, server.address, { ...phone, colorScheme });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto('/register');
      const field = page.getByLabel('Password', { exact: true });
      await page.getByLabel('Email').fill('quincy.underhill@example.com');
      expect(asked.filter((url) => url.includes('passwordStrength'))).toEqual([]);

      await field.fill('qwertyuiop[]');
      await said(page, /It has to be good at least\. Neighbouring keys/).waitFor();
      await expectAccessible(page, 'a weak password');
      await field.fill('Quincy-Underhill-1');
      await said(page, /weak\..*It has to be good at least/).waitFor();
      await field.fill(good);
      await said(page, 'Strength: strong.').waitFor();
      const meter = page.getByRole('meter', { name: 'Strength of the password' });
      expect(await meter.evaluate((element: HTMLMeterElement) => element.value)).toBe(4);
      await expectAccessible(page, 'a strong password');
      await end();
    });
  }

  it('reads beside the field why the server refuses it', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(422);
    await signIn(page, administrator, '/account?tab=security');
    const choose = async (password: string) => {
      await page.getByLabel('Current password').fill(administrator.password);
      await page.getByLabel('New password').fill(password);
      await page.getByRole('button', { name: 'Change password' }).click();
    };
    const field = page.getByLabel('New password');
    for (const [password, why] of [
      ['reeve-admin-2024', 'Use something else than your name'],
      ['PasswordPassword', 'among the passwords that most people use'],
      ['qwertyuiop[]', 'This password is too easy to guess. Neighbouring keys'],
      [administrator.password, 'Choose one that you have not had before.'],
    ] as const) {
      await choose(password);
      await page
        .locator('p')
        .getByText(why)
        .or(page.locator('p', { hasText: why }))
        .first()
        .waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      const description = await field.evaluate((element) => {
        const ids = (element.getAttribute('aria-describedby') ?? '').split(' ');
        return ids.map((id) => document.getElementById(id)?.textContent).join(' ');
      });
      expect(description).toContain(why);
    }
    await choose(good);
    await page.getByText('Your password is changed').waitFor();
    expect(await page.getByRole('meter').count()).toBe(0);
    await end();
  });

  it('meets the meter wherever an administrator sets one for others, and not where one signs in', async () => {
    const { page, end } = await visit(browser, server.address);
    await page.goto('/sign-in');
    await page.getByLabel('Password', { exact: true }).fill('qwertyuiop[]');
    await page.waitForTimeout(600);
    expect(await page.getByRole('meter').count()).toBe(0);
    await signIn(page, { ...administrator, password: good }, '/users/new');
    await heading(page, /user/i).waitFor();
    await page
      .getByLabel(/^Password/)
      .first()
      .fill('qwertyuiop[]');
    await page.getByRole('meter').waitFor();
    await expectAccessible(page, 'a new user');
    await end();
  });
});
