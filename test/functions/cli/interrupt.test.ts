import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FRONT_DOOR, start } from '../../pipeline/command.ts';

it.each([
  ['Ctrl-C', 1, undefined],
  ['Ctrl-C that comes from the terminal and from the front door', 2, undefined],
  ['an interrupt of the front door alone', 1, FRONT_DOOR],
])('%s while clips are being looked at ends with 130 and without a complaint', async (_what, times, by) => {
  const folder = await mkdtemp(join(tmpdir(), 'montage-interrupt-'));
  try {
    const clip = join(folder, 'a.mp4');
    const data = join(folder, 'data');
    await writeFile(clip, 'x');
    const started = start(['analyze', clip, '--data', data], { cwd: folder, ...(by && { by }) });
    // A clip that keeps changing is waited for, so the command can't end by itself.
    while (!(await stat(join(data, 'input')).catch(() => null))) {
      await writeFile(clip, 'x');
      await sleep(50);
    }
    for (let time = 0; time < times; time++) started.child.kill('SIGINT');
    expect(await started.ended).toEqual({ code: 130, stdout: '', stderr: '' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
