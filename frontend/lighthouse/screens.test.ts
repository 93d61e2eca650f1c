import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signIn } from '../e2e/harness/acts';
import { launchOptions } from '../e2e/harness/browser';
import { Seed } from '../e2e/harness/seed';
import { administrator, type Server, startServer } from '../e2e/harness/server';
import { type Judgement, judge } from './judge';

const runs = 3;
const enough = { performance: 0.95, accessibility: 1, 'best-practices': 1 };

let server: Server;
let profile: string;
let browser: BrowserContext;
let port: number;

beforeAll(async () => {
  [server, profile] = await Promise.all([startServer(), mkdtemp(join(tmpdir(), 'reeve-lighthouse-'))]);
  const seed = await Seed.as(server.address);
  await Promise.all(
    Array.from({ length: 30 }, (_, number) =>
      seed.user({ email: `person${number}@example.com`, display_name: `Person ${number}` }),
    ),
  );
  browser = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...launchOptions.args, '--remote-debugging-port=0'],
    baseURL: server.address,
  });
  [port = 0] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n').map(Number);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (profile) await rm(profile, { recursive: true, force: true });
});

/** One run tells what never varies; the time that a load takes is the median of several. */
async function expectGood(path: string): Promise<void> {
  const judgements: Judgement[] = [];
  for (let run = 0; run < runs; run += 1) judgements.push(await judge(`${server.address}${path}`, port));
  const median = judgements.toSorted((one, other) => one.scores.performance - other.scores.performance)[
    Math.floor(runs / 2)
  ];
  console.log(
    path,
    judgements.map(({ scores }) => scores),
  );
  for (const [category, least] of Object.entries(enough) as [keyof typeof enough, number][]) {
    expect(
      median?.scores[category],
      `${category} of ${path}: ${median?.faults[category].join('; ')}`,
    ).toBeGreaterThanOrEqual(least);
  }
}

it('the sign-in page is quick, accessible and well made', async () => {
  await expectGood('/sign-in');
});

it('the list of users is quick, accessible and well made', async () => {
  const page = await browser.newPage();
  await signIn(page, administrator, '/users');
  await page.getByRole('link', { name: 'person1@example.com' }).waitFor();
  await page.close();
  await expectGood('/users');
});
