import { describe, expect, it } from 'vitest';
import { Once } from '../../../functions/ingest/once.ts';

describe('an event that is told more than once', () => {
  it('is handed on once, and all who told of it hear how that went', async () => {
    const once = new Once();
    const done: string[] = [];
    let arrive = () => {};
    const taken = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const first = once.do('one', () => taken.then(() => void done.push('first')));
    const second = once.do('one', async () => void done.push('second'));
    await once.do('two', async () => void done.push('other'));
    expect(done).toEqual(['other']);
    arrive();
    await Promise.all([first, second]);
    await once.do('one', async () => void done.push('third'));
    expect(done).toEqual(['other', 'first']);
  });

  it('is handed on again when it could not be handed on', async () => {
    const once = new Once();
    const failing = async () => {
      throw new Error('no broker');
    };
    const both = [once.do('one', failing), once.do('one', failing)];
    for (const outcome of await Promise.allSettled(both)) expect(outcome.status).toBe('rejected');
    let handed = 0;
    await once.do('one', async () => {
      handed += 1;
    });
    expect(handed).toBe(1);
  });
});
