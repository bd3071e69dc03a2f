/**
 * Installs what package-lock.json names, when it isn't there yet. Plain JavaScript for any Node from 20 on, because it runs
 * before anything is installed. `node setup.mjs` brings everything, tests' needs included; `start.mjs` only what running needs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.montage-installed');

/** Node 24 as the package `node` brings it. */
export const node24 = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** @param {{ tests: boolean }} needs */
export function ensureInstalled({ tests: asked }) {
  // What somebody has installed for tests is never taken away again.
  const tests = asked || existsSync(join(modules, 'vitest'));
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const [installed, extent] = existsSync(stamp) && existsSync(node24) ? readFileSync(stamp, 'utf8').split(' ') : [];
  if (installed === wanted && (!tests || extent === 'all')) return;
  process.stderr.write('Installing what Montage needs (only this once) …\n');
  // npm's own Node, not the one that is about to be replaced.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(delimiter);
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.env.npm_node_execpath ?? process.execPath, process.env.npm_execpath]
    : ['npm'];
  const [program, ...first] = npm;
  const result = spawnSync(
    program,
    [...first, 'ci', ...(tests ? [] : ['--omit=dev']), '--loglevel=error', '--no-fund', '--no-audit'],
    {
      cwd: root,
      env: { ...process.env, PATH: path, NODE_ENV: undefined },
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32' && program === 'npm',
    },
  );
  if (result.status !== 0) {
    process.stderr.write('Installing failed; the lines above say why. Check the network and run the command again.\n');
    process.exit(1);
  }
  writeFileSync(stamp, `${wanted} ${tests ? 'all' : 'run'}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled({ tests: true });
