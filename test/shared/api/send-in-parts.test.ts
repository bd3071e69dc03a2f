import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  contentIdOf,
  PartFailed,
  type PutAnswer,
  type Sender,
  sendInParts,
} from '../../../shared/api/send-in-parts.ts';
import { Slots } from '../../../shared/api/slots.ts';
import { contentOf } from '../../../storage/content.ts';
import { clientOf } from '../../functions/jobs/client-of.ts';
import { describeBothStores } from '../../storage/stores.ts';

const PART = 8 * 2 ** 20;
const SIZE = 4 * PART + 11;

const sha256 = async (bytes: Blob) =>
  createHash('sha256')
    .update(new Uint8Array(await bytes.arrayBuffer()))
    .digest('hex');

describeBothStores('A file that is sent in parts', (store) => {
  /** Sends one, with what a test puts in the way of each part. */
  function sending(key: string, bytes: Buffer, more: Partial<Sender> & { isUnchanged?: () => Promise<boolean> } = {}) {
    const file = new Blob([new Uint8Array(bytes)]);
    const puts: number[] = [];
    const arrived: number[] = [];
    const sender: Sender = {
      client: clientOf(store()),
      sha256,
      slots: new Slots(6),
      put: async (url, part, headers, signal) => {
        puts.push(Number(new URL(url).searchParams.get('partNumber') ?? new URL(url).searchParams.get('number')));
        const answer = await fetch(url, { method: 'PUT', headers, body: part, signal }).catch(() => null);
        await answer?.arrayBuffer();
        return { status: answer?.status ?? 0, sentence: null };
      },
      ...more,
    };
    const stop = new AbortController();
    const send = async (by = sender) =>
      sendInParts({ bucket: 'input', key, file, content: await contentIdOf(file, sha256) }, by, {
        signal: stop.signal,
        onArrived: (count) => arrived.push(count),
        isUnchanged: more.isUnchanged ?? (async () => true),
      });
    return { send, sender, puts, arrived, stop };
  }
  /** A sender under which so many parts arrive, and then none. */
  const failingAfter = (parts: number, { sender, arrived }: ReturnType<typeof sending>, answer: PutAnswer): Sender => {
    let begun = 0;
    return {
      ...sender,
      put: async (...put) => {
        begun += 1;
        if (begun <= parts) return sender.put(...put);
        await expect.poll(() => arrived.at(-1), { timeout: 30_000 }).toBe(parts * PART);
        return answer;
      },
    };
  };
  const isThere = async (key: string, bytes: Buffer) => (await store().read('input', key)).equals(bytes);

  it('arrives whole, each part once, and tells how much of it is there', async () => {
    const bytes = randomBytes(SIZE);
    const { send, puts, arrived } = sending('sent/whole.mp4', bytes);
    expect(await send()).toBe(true);
    expect(await isThere('sent/whole.mp4', bytes)).toBe(true);
    expect(puts.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(arrived[0]).toBe(0);
    expect(arrived).toEqual(arrived.toSorted((a, b) => a - b));
    expect(arrived.at(-1)).toBe(SIZE);
  });

  it('is known by the same content id as its object', async () => {
    for (const size of [3, 5 * 2 ** 20]) {
      const bytes = randomBytes(size);
      const object = await store().putOnce('input', `known/${size}.mp4`, bytes);
      if (!object) throw new Error('It is there');
      expect(await contentOf(store(), object)).toBe(await contentIdOf(new Blob([new Uint8Array(bytes)]), sha256));
    }
  });

  it('goes on with what is missing after the connection broke, and sends what arrived no second time', async () => {
    const bytes = randomBytes(SIZE);
    const first = sending('sent/broken.mp4', bytes);
    const { send, sender, puts, arrived } = first;
    await expect(send(failingAfter(3, first, { status: 0, sentence: null }))).rejects.toThrow(PartFailed);
    expect(await store().stat('input', 'sent/broken.mp4')).toBeNull();
    expect(sender.slots.limit).toBeLessThan(6);
    arrived.length = 0;
    expect(await send()).toBe(true);
    expect(arrived[0]).toBe(3 * PART);
    expect(puts.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(await isThere('sent/broken.mp4', bytes)).toBe(true);
  });

  it('replaces parts of an earlier try that are not what the file has there now', async () => {
    const bytes = randomBytes(SIZE);
    const first = sending('sent/edited.mp4', bytes);
    const failing = failingAfter(4, first, { status: 500, sentence: 'The disk is full' });
    await expect(first.send(failing)).rejects.toThrow('The disk is full');
    // As large, and the same where its content id looks.
    const edited = Buffer.from(bytes);
    edited.fill(7, PART + 5, PART + 100);
    const second = sending('sent/edited.mp4', edited);
    expect(await second.send()).toBe(true);
    expect(second.puts.toSorted()).toEqual([2, 5]);
    expect(await isThere('sent/edited.mp4', edited)).toBe(true);
  });

  it('is stopped by a person, and leaves what has arrived for when it goes on', async () => {
    const bytes = randomBytes(SIZE);
    const { send, sender, arrived, stop } = sending('sent/stopped.mp4', bytes);
    let begun = 0;
    const stopping: Sender = {
      ...sender,
      put: async (...put) => {
        begun += 1;
        if (begun > 2) {
          await expect.poll(() => arrived.at(-1), { timeout: 30_000 }).toBe(2 * PART);
          stop.abort(new Error('paused'));
        }
        return sender.put(...put);
      },
    };
    await expect(send(stopping)).rejects.toThrow('paused');
    expect(sender.slots.limit).toBe(6);
    const again = sending('sent/stopped.mp4', bytes);
    expect(await again.send()).toBe(true);
    expect(again.arrived[0]).toBeGreaterThan(0);
    expect(await isThere('sent/stopped.mp4', bytes)).toBe(true);
  });

  it('becomes no object when it was changed while it was sent, and nothing of it stays', async () => {
    const bytes = randomBytes(SIZE);
    const { send } = sending('sent/changed.mp4', bytes, { isUnchanged: async () => false });
    expect(await send()).toBe(false);
    const unreadable = sending('sent/changed.mp4', bytes, {
      isUnchanged: async () => false,
      sha256: async () => {
        throw new Error('It can not be read any more');
      },
    });
    expect(await unreadable.send()).toBe(false);
    expect(await store().stat('input', 'sent/changed.mp4')).toBeNull();
    const again = sending('sent/changed.mp4', bytes);
    expect(await again.send()).toBe(true);
    expect(again.arrived[0]).toBe(0);
  });

  it('says so when its name was taken meanwhile', async () => {
    const bytes = randomBytes(SIZE);
    const { send, sender } = sending('sent/taken.mp4', bytes);
    const overtaken: Sender = {
      ...sender,
      put: async (...put) => {
        await store().putOnce('input', 'sent/taken.mp4', 'first');
        return sender.put(...put);
      },
    };
    await expect(send(overtaken)).rejects.toMatchObject({ status: 412 });
    expect((await store().read('input', 'sent/taken.mp4')).toString()).toBe('first');
  });
});
