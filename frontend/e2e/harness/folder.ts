import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';

/** An empty folder for the tests of a file, gone after them. */
export function folderForTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-e2e-'));
  // As the end of a beginning it comes after those that write into it have ended.
  beforeAll(() => () => rm(folder, { recursive: true, maxRetries: 3 }));
  return folder;
}
