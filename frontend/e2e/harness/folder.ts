import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** An empty folder for the tests of a file, gone after them. */
export function folderForTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-e2e-'));
  afterAll(() => rm(folder, { recursive: true }));
  return folder;
}
