/** The command's front door: installs when needed, then runs the command line on Node 24, wherever it was called from. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { whenNpmIsGone } from './npm-gone.mjs';
import { ensureInstalled, node24, root } from './setup.mjs';

ensureInstalled({ tests: false });

// npm runs scripts in the project's folder; a person's paths are meant from where they typed.
const calledFrom = process.cwd() === root && process.env.INIT_CWD ? process.env.INIT_CWD : process.cwd();
const child = spawn(node24, [join(root, 'functions', 'cli', 'index.ts'), ...process.argv.slice(2)], {
  cwd: calledFrom,
  stdio: 'inherit',
});

let isEnding = false;
const pass = (signal) => {
  isEnding = true;
  child.kill(signal);
};
// A terminal sends Ctrl-C to the child too, which takes both for one (`exit.ts`).
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => pass(signal));
// Told once more later, it would not clean up.
whenNpmIsGone(() => isEnding || pass('SIGTERM'));
child.on('error', (error) => {
  process.stderr.write(`Montage could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
