import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { heading, signIn } from './harness/acts';
import { browserForTests, desktop, phone, visit } from './harness/browser';
import { Seed } from './harness/seed';
import { administrator, serverForTests, startServer } from './harness/server';

const ann = { email: 'ann@example.com', password: 'three old bridges' };

const browser = browserForTests();
const server = serverForTests();
let id: string;

beforeAll(async () => {
  const seed = await Seed.as(server.address);
  await seed.role({ name: 'reader', permissions: ['users:read', 'roles:read'] });
  id = await seed.user({ ...ann, display_name: 'Ann Archer', roles: ['reader'] });
});

async function expectAccessibleInBoth(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `${where}, ${colorScheme}`);
  }
}

const banner = (page: Page) => page.getByRole('region', { name: 'Acting in somebody’s name' });

async function begin(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('button', { name: 'Sign in as this user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in as Ann Archer?' });
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Sign in as them' }).click();
}

async function expectBanner(page: Page): Promise<void> {
  await banner(page).getByText('admin@example.com, you act as Ann Archer until').waitFor();
  const box = await banner(page).boundingBox();
  const { height } = page.viewportSize() ?? { height: 0 };
  expect(box && box.y >= 0 && box.y + box.height <= height, 'the banner is out of sight').toBe(true);
}

describe('acting in a user’s name', () => {
  for (const [size, options] of Object.entries({ desktop, phone })) {
    it(`is begun with a reason, in sight on every screen, and ended without signing in again (${size})`, async () => {
      const { page, allowRefusals, end } = await visit(browser, server.address, options);
      allowRefusals(422);
      await signIn(page, administrator, `/users/${id}`);
      await begin(page, ' ');
      const field = page.getByRole('dialog').getByLabel('Reason');
      await page.getByRole('alert').first().waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      await expectAccessibleInBoth(page, `the reason on a ${size}`);
      await field.fill(`Ticket of the ${size}`);
      await page.getByRole('button', { name: 'Sign in as them' }).click();
      await heading(page, /Welcome, Ann Archer/).waitFor();
      await expectBanner(page);
      await expectAccessibleInBoth(page, `the start page in another name on a ${size}`);
      // What Ann may not do is not offered.
      expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);

      const open = async (name: string) => {
        if (size === 'phone') await page.getByRole('button', { name: 'Open the menu' }).click();
        await page.getByRole('link', { name, exact: true }).first().click();
      };
      await open('Users');
      await heading(page, 'Users').waitFor();
      await page.mouse.wheel(0, 2_000);
      await expectBanner(page);
      expect(await page.getByRole('link', { name: 'New user' }).count()).toBe(0);
      await page.getByRole('link', { name: administrator.email }).first().click();
      await heading(page, administrator.email).waitFor();
      await expectBanner(page);
      expect(await page.getByRole('button', { name: 'Actions' }).count()).toBe(0);

      if (size === 'phone') await page.getByRole('button', { name: 'Open the menu' }).click();
      await page.getByRole('button', { name: /^Account of/ }).click();
      expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Your account' }).click();
      await heading(page, 'Your account').waitFor();
      await expectBanner(page);
      for (const hidden of ['Change password', 'Delete my account', 'New API key']) {
        expect(await page.getByRole('button', { name: hidden }).count(), hidden).toBe(0);
      }
      await expectAccessibleInBoth(page, `the account of another on a ${size}`);
      await page.getByLabel('Language for mails and dates').fill(size === 'phone' ? 'en-GB' : 'en-IE');
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('Saved').first().waitFor();

      await banner(page).getByRole('button', { name: 'Stop' }).click();
      await banner(page).waitFor({ state: 'detached' });
      await heading(page, 'Ann Archer').waitFor();
      expect(page.url()).toBe(`${server.address}/users/${id}`);
      await page.goto('/audit?filter=action:eq:user.updated');
      await page.getByText('admin@example.com as ann@example.com').locator('visible=true').first().waitFor();
      await page.goto('/audit?filter=action:eq:user.impersonated');
      await page.getByText('user.impersonated').first().waitFor();
      await end();
    });
  }

  it('is over after a reload, and in the list of the user’s sessions until then', async () => {
    const { page, end } = await visit(browser, server.address);
    await signIn(page, administrator, `/users/${id}`);
    await begin(page, 'To see it');
    await expectBanner(page);

    const own = await visit(browser, server.address);
    await signIn(own.page, ann, '/account?tab=devices');
    await own.page.getByText('admin@example.com acting in this name').waitFor();
    await expectAccessibleInBoth(own.page, 'sessions with one of another');
    await own.end();

    await page.reload();
    await heading(page, /Welcome|admin/).waitFor();
    await page.getByText('The page was loaded anew. You are yourself again.').waitFor();
    expect(await banner(page).count()).toBe(0);
    await page.getByRole('link', { name: 'Audit', exact: true }).first().waitFor();
    await end();
  });

  it('is over at once for whoever the user throws out', async () => {
    const { page, allowRefusals, end } = await visit(browser, server.address);
    allowRefusals(401);
    await signIn(page, administrator, `/users/${id}`);
    await begin(page, 'To be thrown out');
    await expectBanner(page);
    const own = await visit(browser, server.address);
    await signIn(own.page, ann, '/account?tab=devices');
    await own.page.getByRole('button', { name: 'End all others' }).click();
    await own.page.getByText('All other sessions have ended.').waitFor();
    await own.end();
    await page.getByRole('link', { name: 'Users', exact: true }).first().click();
    await banner(page).waitFor({ state: 'detached' });
    await page.getByText('This was ended. You are yourself again.').waitFor();
    await page.getByRole('link', { name: 'Audit', exact: true }).first().waitFor();
    await end();
  });

  it('is over with its time, and leads back to where it began with one’s own session as it was', async () => {
    const brief = await startServer({ REEVE_IMPERSONATION__TTL: '10s' });
    const seed = await Seed.as(brief.address);
    const { page, end } = await visit(browser, brief.address);
    const ended: string[] = [];
    page.on('request', (request) => request.url().endsWith('/auth/logout') && ended.push(request.url()));
    const ann = await seed.user({ email: 'ann@example.com', display_name: 'Ann Archer' });
    await signIn(page, administrator, `/users/${ann}`);
    await begin(page, 'To stay too long');
    await expectBanner(page);
    await page.getByText('The time is over. You are yourself again.').waitFor();
    await heading(page, 'Ann Archer').waitFor();
    expect(page.url()).toBe(`${brief.address}/users/${ann}`);
    expect(await banner(page).count()).toBe(0);
    expect(ended).toEqual([]);
    await page.reload();
    await heading(page, 'Ann Archer').waitFor();
    await end();
    await brief.stop();
  });
});

describe('giving rights', () => {
  it('takes a proof in place when the last one is old, and goes on by itself', async () => {
    const strict = await startServer({ REEVE_FRESHNESS__MAX_AGE: '5s' });
    const seed = await Seed.as(strict.address);
    await seed.role({ name: 'reader', permissions: ['users:read'] });
    const ben = await seed.user({ email: 'ben@example.com' });
    const { page, allowRefusals, end } = await visit(browser, strict.address, phone);
    allowRefusals(401);
    await signIn(page, administrator, `/users/${ben}/edit`);
    await page.getByLabel('Email').fill('benjamin@example.com');
    await page.waitForTimeout(5_500);
    const prove = async () => {
      const asking = page.getByRole('dialog', { name: 'Is it still you?' });
      await asking.getByLabel('Password', { exact: true }).fill(administrator.password);
      await asking.getByRole('button', { name: 'Go on' }).click();
      await asking.waitFor({ state: 'detached' });
    };
    await page.getByRole('button', { name: 'Save changes' }).click();
    await prove();
    await heading(page, 'benjamin@example.com').waitFor();
    await page.waitForTimeout(5_500);
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('button', { name: 'Sign in as this user' }).click();
    await page.getByLabel('Reason').fill('Ticket 4711');
    await page.getByRole('button', { name: 'Sign in as them' }).click();
    await prove();
    await banner(page).waitFor();
    await end();
    await strict.stop();
  });
});
