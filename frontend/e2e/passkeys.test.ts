import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { expectAccessible } from './harness/accessibility';
import { fillSignIn, heading, signIn, signOut } from './harness/acts';
import { browserForTests, desktop, phone, visit } from './harness/browser';
import { addVirtualAuthenticator } from './harness/passkeys';
import { Seed } from './harness/seed';
import { administrator, serverForTests, startServer } from './harness/server';

const password = 'three old bridges';
const ann = { email: 'ann@example.com', password };
const ben = { email: 'ben@example.com', password };

const browser = browserForTests();
const server = serverForTests();

beforeAll(async () => {
  const seed = await Seed.as(server.address);
  await seed.user({ ...ann, display_name: 'Ann Archer' });
});

async function expectAccessibleEverywhere(page: Page, where: string): Promise<void> {
  for (const { viewport } of [phone, desktop]) {
    if (viewport) await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(page, `${where}, ${viewport?.width} px, ${colorScheme}`);
    }
  }
}

function section(page: Page) {
  return page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Passkeys', exact: true }) });
}

async function add(page: Page, name: string): Promise<void> {
  await section(page).getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.waitFor({ state: 'detached' });
  await section(page).getByText(name).waitFor();
}

it('is added, signs in without a name or a password, and is removed', async () => {
  const { page, allowRefusals, end } = await visit(browser, server.address);
  allowRefusals(401);
  const authenticator = await addVirtualAuthenticator(page);
  await signIn(page, ann, '/account?tab=security');
  await section(page).getByText('You have none.').waitFor();
  await section(page).getByRole('button', { name: 'Add a passkey' }).click();
  await expectAccessibleEverywhere(page, 'adding a passkey');
  await page.keyboard.press('Escape');
  await add(page, 'Phone');
  await expectAccessibleEverywhere(page, 'a passkey');
  await section(page).getByRole('button', { name: 'Rename Phone' }).click();
  const renaming = page.getByRole('dialog', { name: 'Rename the passkey' });
  await renaming.getByLabel('Name').fill('Old phone');
  await renaming.getByRole('button', { name: 'Save' }).click();
  await section(page).getByText('Old phone').waitFor();

  await authenticator.setTouched(false);
  await signOut(page);
  await expectAccessibleEverywhere(page, 'signing in with or without a passkey');
  await authenticator.setTouched(true);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.locator('#content h1').waitFor();
  await page.goto('/account?tab=security');
  await heading(page, 'Your account').waitFor();

  // Chosen in the field, where the browser fills in what it knows: here it chooses by itself.
  await authenticator.setTouched(false);
  await signOut(page);
  await authenticator.setTouched(true);
  await page.goto('/account?tab=security');
  await heading(page, 'Your account').waitFor();

  await section(page).getByRole('button', { name: 'Remove Old phone' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await section(page).getByText('You have none.').waitFor();

  await authenticator.setTouched(false);
  await signOut(page);
  await authenticator.setTouched(true);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('These do not match an account that can sign in.').waitFor();
  await expectAccessibleEverywhere(page, 'a passkey that was removed');
  await end();
});

it('proves that it is still its owner, when the last proof is too old', async () => {
  const maxAge = 12_000;
  const strict = await startServer({ REEVE_FRESHNESS__MAX_AGE: `${maxAge / 1_000}s` });
  await (await Seed.as(strict.address)).user({ ...ann });
  const { page, allowRefusals, end } = await visit(browser, strict.address);
  allowRefusals(401);
  await addVirtualAuthenticator(page);
  await signIn(page, ann, '/account?tab=security');
  await add(page, 'Laptop');
  await setTimeout(maxAge);
  await section(page).getByRole('button', { name: 'Remove Laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  const proof = page.getByRole('dialog', { name: 'Is it still you?' });
  await proof.getByRole('button', { name: 'Use a passkey' }).click();
  await expectAccessibleEverywhere(page, 'a proof by a passkey');
  await proof.getByRole('button', { name: 'Go on' }).click();
  await section(page).getByText('You have none.').waitFor();
  await end();
  await strict.stop();
});

it('is the second factor of those whose role requires one', async () => {
  const admin = await visit(browser, server.address);
  await signIn(admin.page, administrator, '/roles/new');
  await admin.page.getByLabel('Name').fill('careful');
  await admin.page.getByRole('button', { name: 'Create', exact: true }).click();
  await heading(admin.page, 'careful').waitFor();
  await (await Seed.as(server.address)).user({ ...ben, roles: ['careful'] });

  const { page, end } = await visit(browser, server.address);
  const authenticator = await addVirtualAuthenticator(page);
  await signIn(page, ben, '/account?tab=security');
  await add(page, 'Laptop');
  await admin.page.getByRole('link', { name: 'Edit' }).click();
  await admin.page.getByLabel('Members need a second factor to sign in').check();
  await admin.page.getByRole('button', { name: 'Save' }).click();
  await heading(admin.page, 'careful').waitFor();
  await admin.end();

  await authenticator.setTouched(false);
  await signOut(page);
  await fillSignIn(page, ben);
  await heading(page, 'Second step').waitFor();
  await expectAccessibleEverywhere(page, 'a passkey as the second step');
  await authenticator.setTouched(true);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.locator('#content h1').waitFor();
  await heading(page, 'Second step').waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: /^Account of/ }).count()).toBe(1);
  await end();
});
