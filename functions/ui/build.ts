/** `npm run build`: builds the page from `page/` into `built/`, unless it is there as its sources make it. A second or two. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Refusal } from '../../shared/refusal.ts';
import { BUILT } from './built.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = join(import.meta.dirname, 'page');
/** Whatever the page may be made of: its cards show the planner's own rhythm. */
const SOURCES = [PAGE, join(ROOT, 'shared'), join(ROOT, 'functions/plan')];
const STAMP = '.made-by';
const COMPRESSED = /\.(?:html|js|css|svg|json|webmanifest)$/;

/** @throws {Refusal} when what builds it isn't installed. */
export async function buildPage(): Promise<void> {
  const sources = await fingerprint();
  if ((await readFile(join(BUILT, STAMP), 'utf8').catch(() => null)) === sources) return;
  const { build } = await import('vite').catch(() => {
    throw new Refusal('The page can not be built, because Vite is not installed: run `npm install`');
  });
  // Aside, and moved when it is whole: somebody else may be building it too, or answering with it.
  const unfinished = `${BUILT}.${process.pid}`;
  const options = { outDir: unfinished, emptyOutDir: true };
  await build({ configFile: join(PAGE, 'vite.config.ts'), logLevel: 'warn', build: options });
  await compress(unfinished);
  await writeFile(join(unfinished, STAMP), sources);
  const old = `${unfinished}.old`;
  if (existsSync(BUILT)) await rename(BUILT, old);
  await rename(unfinished, BUILT);
  await rm(old, { recursive: true, force: true });
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of SOURCES)
    for (const path of await filesIn(folder)) hash.update(relative(ROOT, path)).update(await readFile(path));
  return hash.digest('hex');
}

/** Beside each file what a browser takes that can unpack it: once, and not for every request. */
async function compress(folder: string): Promise<void> {
  for (const path of await filesIn(folder)) {
    if (!COMPRESSED.test(path)) continue;
    const content = await readFile(path);
    await writeFile(`${path}.br`, await promisify(brotliCompress)(content));
    await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
