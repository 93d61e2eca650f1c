// Fails when what a visitor must download (brotli) outgrows its budget.
import { readdir, readFile, stat } from 'node:fs/promises';

const KIB = 1024;
const budgets = {
  'sign-in, before it is usable': 90 * KIB,
  'judging a new password, while it is typed': 220 * KIB,
  'everything else': 180 * KIB,
};

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));
const compressedSize = async (file) => (await stat(new URL(`${file}.br`, dist))).size;
const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);

function filesOf(source, seen = new Set()) {
  const chunk = manifest[source];
  if (!chunk) throw new Error(`${source} is not in the manifest`);
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

const signIn = new Set(['index.html']);
for (const source of ['index.html', 'src/app/mount.tsx']) filesOf(source, signIn);
// What it shares with the screens is there when somebody begins to type.
const loadedWithScreens = new Set();
for (const [source, { isDynamicEntry, isEntry }] of Object.entries(manifest)) {
  const isJudging = source === 'src/resource/form/passwordStrength.ts';
  if ((isEntry || isDynamicEntry) && !isJudging) filesOf(source, loadedWithScreens);
}
const judging = filesOf('src/resource/form/passwordStrength.ts');
for (const file of [...judging].filter((file) => loadedWithScreens.has(file))) judging.delete(file);
const everything = (await readdir(dist, { recursive: true }))
  .filter((file) => file.endsWith('.br') && !file.startsWith('.vite'))
  .map((file) => file.slice(0, -'.br'.length));

const measured = {
  'sign-in, before it is usable': sum(await Promise.all([...signIn].map(compressedSize))),
  'judging a new password, while it is typed': sum(await Promise.all([...judging].map(compressedSize))),
  'everything else': sum(
    await Promise.all(everything.filter((file) => !judging.has(file)).map(compressedSize)),
  ),
};
for (const [name, budget] of Object.entries(budgets)) {
  const fits = measured[name] <= budget;
  console.log(
    `${fits ? 'ok  ' : 'FAIL'} ${name}: ${(measured[name] / KIB).toFixed(1)} KiB of ${budget / KIB} KiB`,
  );
  if (!fits) process.exitCode = 1;
}
