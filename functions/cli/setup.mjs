/**
 * Installs what a package-lock.json names, when it isn't there yet: the project's, or that of what only upscaling needs. Plain
 * JavaScript for any Node from 20 on, because it runs before anything is installed. `node setup.mjs` brings everything, tests'
 * needs included, and with `upscaling` what that needs as well; `start.mjs` only what running needs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');
const POLL_MS = 200;

/** @typedef {{ folder: string, what: string }} Place */
/** @type {Place} */
const montage = { folder: root, what: 'Montage' };
/** Half a gigabyte that nobody needs who doesn't upscale. @type {Place} */
export const upscaling = { folder: join(root, 'functions', 'upscale'), what: 'upscaling' };

/** Node 24 as the package `node` brings it. */
export const node24 = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** @param {{ tests: boolean, place?: Place }} needs */
export function ensureInstalled({ tests: asked, place = montage }) {
  const { folder } = place;
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  // What somebody has installed for tests is never taken away again.
  const tests = asked || extentIn(folder)?.[1] === 'all' || (folder === root && existsSync(join(modules, 'vitest')));
  if (isInstalled(folder, wanted, tests)) return;
  const lock = join(folder, '.installing');
  takeLock(lock);
  try {
    // Whoever held the lock before may have done it.
    if (!isInstalled(folder, wanted, tests)) install(place, wanted, tests, lock);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} folder */
const stampOf = (folder) => join(folder, 'node_modules', '.montage-installed');

/** Of what lock file's contents, and how much of it. @param {string} folder */
function extentIn(folder) {
  const stamp = stampOf(folder);
  return existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : null;
}

/** @param {string} folder @param {string} wanted @param {boolean} tests */
function isInstalled(folder, wanted, tests) {
  const [installed, extent] = extentIn(folder) ?? [];
  return existsSync(node24) && installed === wanted && (!tests || extent === 'all');
}

/** @param {Place} place @param {string} wanted @param {boolean} tests @param {string} lock */
function install({ folder, what }, wanted, tests, lock) {
  process.stderr.write(`Installing what ${what} needs (only this once) …\n`);
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
    [...first, 'ci', tests ? '--include=dev' : '--omit=dev', '--loglevel=error', '--no-fund', '--no-audit'],
    {
      cwd: folder,
      // A script's npm would have this one install where the script is from.
      env: { ...process.env, PATH: path, npm_config_local_prefix: folder },
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32' && program === 'npm',
    },
  );
  if (result.status !== 0) {
    rmSync(lock, { force: true });
    process.stderr.write('Installing failed; the lines above say why. Check the network and run the command again.\n');
    process.exit(1);
  }
  writeFileSync(stampOf(folder), `${wanted} ${tests ? 'all' : 'run'}`);
}

/**
 * Two commands started at once must not install over each other. The lock gets its name with the pid already in it, by a hard
 * link that fails when somebody was first; that of a process that is gone is moved away by one of those who wait.
 * @param {string} lock
 */
function takeLock(lock) {
  const mine = `${lock}-${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    for (;;) {
      try {
        linkSync(mine, lock);
        return;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      if (isAlive(holderOf(lock))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
      else moveAway(lock, `${mine}-stale`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Takes the dead lock away; what turns out to be somebody's fresh one is given back. @param {string} lock @param {string} aside */
function moveAway(lock, aside) {
  try {
    renameSync(lock, aside);
    if (isAlive(holderOf(aside))) linkSync(aside, lock);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

/** @param {string} path */
function holderOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled({ tests: true });
  if (process.argv[2] === 'upscaling') ensureInstalled({ tests: true, place: upscaling });
}
