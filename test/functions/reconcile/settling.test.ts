import { describe, expect, it } from 'vitest';
import { Settling } from '../../../functions/reconcile/settling.ts';

const soon = () => new Date(Date.now() + 20);

describe('waiting until a set has settled', () => {
  it('is over at once when there is nothing to wait for', async () => {
    let looks = 0;
    await new Settling().wait(null, async () => {
      looks += 1;
      return null;
    });
    expect(looks).toBe(0);
  });

  it('looks again when the time has come, and again as long as more arrives', async () => {
    const until = soon();
    const answers = [soon(), soon(), null];
    const looks: number[] = [];
    await new Settling().wait(until, async () => {
      looks.push(Date.now());
      return answers.shift() ?? null;
    });
    expect(looks).toHaveLength(3);
    expect(looks[0]).toBeGreaterThanOrEqual(until.getTime());
  });

  it('is done by one for all who come meanwhile, and holds none of them up', async () => {
    const settling = new Settling();
    let looks = 0;
    const look = async () => {
      looks += 1;
      return null;
    };
    const ended: string[] = [];
    await Promise.all([
      settling.wait(soon(), look).then(() => ended.push(`first ${looks}`)),
      settling.wait(soon(), look).then(() => ended.push(`second ${looks}`)),
      settling.wait(null, look).then(() => ended.push(`third ${looks}`)),
    ]);
    expect(ended).toEqual(['second 0', 'third 0', 'first 1']);
  });

  it('is over, and can be begun anew, when a look fails', async () => {
    const settling = new Settling();
    const failing = settling.wait(soon(), async () => {
      throw new Error('the store is away');
    });
    await expect(failing).rejects.toThrow('the store is away');
    let looks = 0;
    await settling.wait(soon(), async () => {
      looks += 1;
      return null;
    });
    expect(looks).toBe(1);
  });
});
