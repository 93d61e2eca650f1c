// Fails when what a visitor must download (brotli) outgrows its budget.
import { readdir, readFile, stat } from 'node:fs/promises';

const KIB = 1024;
const budgets = { 'sign-in, before it is usable': 90 * KIB, everything: 180 * KIB };

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
const everything = (await readdir(dist, { recursive: true }))
  .filter((file) => file.endsWith('.br') && !file.startsWith('.vite'))
  .map((file) => file.slice(0, -'.br'.length));

const measured = {
  'sign-in, before it is usable': sum(await Promise.all([...signIn].map(compressedSize))),
  everything: sum(await Promise.all(everything.map(compressedSize))),
};
for (const [name, budget] of Object.entries(budgets)) {
  const fits = measured[name] <= budget;
  console.log(
    `${fits ? 'ok  ' : 'FAIL'} ${name}: ${(measured[name] / KIB).toFixed(1)} KiB of ${budget / KIB} KiB`,
  );
  if (!fits) process.exitCode = 1;
}
