/**
 * Notices that the npm which started this process is gone: ended by a signal, it passes none on through the shell that it runs scripts
 * in. Plain JavaScript for any Node from 20 on.
 */
import { readFileSync } from 'node:fs';

const LOOK_MS = 1000;
const SHELLS = /^(?:ba|da|z|a|k)?sh$|^busybox$/;

/** From the beginning on: what is installed before may take a minute. */
const FIRST = starters();

/** Calls `tell` once when that happens; never where npm didn't start it. @param {() => void} tell */
export function whenNpmIsGone(tell) {
  if (!process.env.npm_lifecycle_event) return;
  const look = setInterval(() => {
    if (starters() === FIRST) return;
    clearInterval(look);
    tell();
  }, LOOK_MS);
  look.unref();
}

/** By pid, npm, or the shell that it runs this in and, where that can be seen, npm; whoever is left has another parent. */
function starters() {
  const { ppid } = process;
  const shell = processOf(ppid);
  return shell && SHELLS.test(shell.name) ? `${ppid} ${shell.parent}` : `${ppid}`;
}

/** What Linux says of a process; elsewhere null. @param {number} pid */
function processOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A name is in brackets, and may have some of its own.
    const end = text.lastIndexOf(')');
    return { name: text.slice(text.indexOf('(') + 1, end), parent: text.slice(end + 2).split(' ')[1] };
  } catch {
    return null;
  }
}
