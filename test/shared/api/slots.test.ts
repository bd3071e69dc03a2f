import { describe, expect, it } from 'vitest';
import { Slots } from '../../../shared/api/slots.ts';

/** Takes as many as are to be had at once. */
async function takeAll(slots: Slots): Promise<number> {
  let taken = 0;
  for (;;) {
    const got = await Promise.race([slots.take().then(() => true), new Promise((resolve) => setTimeout(resolve, 5))]);
    if (!got) return taken;
    taken += 1;
  }
}

describe('slots', () => {
  it('are as many as may be', async () => {
    expect(await takeAll(new Slots(4))).toBe(4);
  });

  it('are half as many after each failure, and one at least', async () => {
    const slots = new Slots(6);
    const limits = [1, 2, 3, 4].map(() => {
      void slots.take();
      slots.give('badly');
      return slots.limit;
    });
    expect(limits).toEqual([3, 1, 1, 1]);
  });

  it('become more again one by one while all goes well, and never more than there were', async () => {
    const slots = new Slots(3);
    void slots.take();
    slots.give('badly');
    const limits = Array.from({ length: 12 }, () => {
      void slots.take();
      slots.give('well');
      return slots.limit;
    });
    expect(limits).toEqual([1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3]);
  });

  it('tell nothing when they are given back because a person stopped it', async () => {
    const slots = new Slots(2);
    await slots.take();
    slots.give('stopped');
    expect(slots.limit).toBe(2);
    expect(await takeAll(slots)).toBe(2);
  });

  it('go to who has waited longest, and to fewer when there are fewer', async () => {
    const slots = new Slots(2);
    await slots.take();
    await slots.take();
    const order: number[] = [];
    for (const who of [1, 2, 3]) void slots.take().then(() => order.push(who));
    const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
    slots.give('badly');
    await settled();
    expect(order).toEqual([]);
    slots.give('well');
    await settled();
    expect(order).toEqual([1]);
    slots.give('well');
    await settled();
    expect(order).toEqual([1, 2, 3]);
  });
});
