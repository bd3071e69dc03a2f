import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { brokerPath } from '../../../knative/local/broker-path.ts';
import { INGEST_TOKEN, isAlive, type JournalEntry, publish, Stand, until } from './stand.ts';

const ended = (stand: Stand) => stand.journal().filter(({ what }) => what === 'ended');
const began = (stand: Stand) => stand.journal().filter(({ what }) => what === 'began');

/** The most pieces of work that were under way at one time, of those that `of` picks. */
function mostAtOnce(journal: readonly JournalEntry[], of: (entry: JournalEntry) => boolean = () => true): number {
  const running = new Set<string>();
  return journal.filter(of).reduce((most, { what, id }) => {
    if (what === 'began') running.add(id);
    else running.delete(id);
    return Math.max(most, running.size);
  }, 0);
}

describe('the local runtime', () => {
  it('takes an event with 202 and wakes the function whose Trigger wants it, and no other', async () => {
    await using stand = new Stand([
      { name: 'wanted', target: 'worker', types: ['a', 'b'] },
      { name: 'other', target: 'worker', types: ['c'] },
    ]);
    const runtime = await stand.start();
    expect(await publish(runtime.url, 'b', 'one')).toBe(202);
    expect(runtime.idle()).toBe(false);
    await until(() => runtime.idle(), 'the event has been dealt with');
    expect(stand.journal()).toMatchObject([
      { what: 'began', id: 'one', subject: 'key-of-one', job: 'a-job' },
      { what: 'ended', id: 'one' },
    ]);
    expect(runtime.stats().functions).toMatchObject({ wanted: { started: 1 }, other: { started: 0 } });
  });

  it('refuses what is no event', async () => {
    await using stand = new Stand([{ name: 'only', target: 'worker', types: ['a'] }]);
    const { url } = await stand.start();
    const answer = await fetch(`${url}${brokerPath(INGEST_TOKEN)}`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('CloudEvents') });
  });

  it('tries a failing delivery again, each time after twice the pause', async () => {
    await using stand = new Stand([
      { name: 'shaky', target: 'worker', types: ['a'], retries: 3, backoffDelay: 'PT0.2S' },
    ]);
    const { url } = await stand.start();
    await publish(url, 'a', 'shaky-one', { failures: 3 });
    await until(() => ended(stand).length === 1, 'it succeeds');
    expect(began(stand)).toHaveLength(4);
    const pauses = stand.log.flatMap((line) => /inSeconds=(\S+)/.exec(line)?.[1] ?? []);
    expect(pauses.map(Number)).toEqual([0.2, 0.4, 0.8]);
  });

  it('hands what runs out of retries to the dead-letter sink, with what Knative says of it', async () => {
    await using stand = new Stand([
      { name: 'hopeless', target: 'worker', types: ['a'], retries: 1, deadLetter: 'letters' },
      { name: 'letters', target: 'worker', concurrency: 10 },
    ]);
    const runtime = await stand.start();
    await publish(runtime.url, 'a', 'lost', { failures: 2 });
    await until(() => runtime.idle(), 'the broker has given up');
    const letter = began(stand).find(({ knativeerrorcode }) => knativeerrorcode);
    expect(letter).toMatchObject({ id: 'lost', subject: 'key-of-lost', job: 'a-job', knativeerrorcode: '500' });
    expect(letter?.knativeerrordest).toContain('hopeless');
    expect(Buffer.from(letter?.knativeerrordata ?? '', 'base64').toString()).toBe('failed on try 2');
    expect(began(stand)).toHaveLength(3);
    expect(runtime.stats().broker).toMatchObject({ pending: 0, retried: 1, deadLettered: 1 });
  });

  it('says in the dead letter why a function could not even be started', async () => {
    await using stand = new Stand([
      { name: 'broken', target: 'broken', types: ['a'], retries: 1, deadLetter: 'letters' },
      { name: 'letters', target: 'worker' },
    ]);
    const runtime = await stand.start();
    await Promise.all(['1', '2', '3', '4', '5'].map((id) => publish(runtime.url, 'a', id)));
    await until(() => runtime.idle(), 'the broker has given up');
    const reasons = began(stand).map((entry) => Buffer.from(entry.knativeerrordata ?? '', 'base64').toString());
    expect(reasons).toHaveLength(5);
    for (const reason of reasons) expect(reason).toContain('the model file is missing');
  });

  it('never has two requests in one process with a concurrency of 1, nor more processes than max-scale', async () => {
    await using stand = new Stand([{ name: 'single', target: 'worker', types: ['a'], maxScale: 2 }]);
    const runtime = await stand.start({ cores: 8 });
    await Promise.all(Array.from({ length: 12 }, (_, i) => publish(runtime.url, 'a', `${i}`, { ms: 100 })));
    await until(() => ended(stand).length === 12, 'all is done');
    const journal = stand.journal();
    const processes = [...new Set(journal.map(({ pid }) => pid))];
    expect(processes).toHaveLength(2);
    for (const process of processes) expect(mostAtOnce(journal, ({ pid }) => pid === process)).toBe(1);
    expect(mostAtOnce(journal)).toBe(2);
  });

  it('has no more processes of a function than the machine has cores', async () => {
    await using stand = new Stand([{ name: 'wide', target: 'worker', types: ['a'], maxScale: 50 }]);
    const runtime = await stand.start({ cores: 1 });
    await Promise.all(Array.from({ length: 4 }, (_, i) => publish(runtime.url, 'a', `${i}`, { ms: 50 })));
    await until(() => ended(stand).length === 4, 'all is done');
    expect(runtime.stats().functions.wide?.started).toBe(1);
  });

  it('has one process work on as many requests at once as its concurrency allows', async () => {
    await using stand = new Stand([{ name: 'many', target: 'worker', types: ['a'], concurrency: 3, maxScale: 1 }]);
    const { url } = await stand.start();
    await Promise.all(Array.from({ length: 9 }, (_, i) => publish(url, 'a', `${i}`, { ms: 200 })));
    await until(() => ended(stand).length === 9, 'all is done');
    expect(mostAtOnce(stand.journal())).toBe(3);
  });

  it('ends processes that have had nothing to do for a while, and starts them anew', async () => {
    await using stand = new Stand([{ name: 'rare', target: 'worker', types: ['a'] }]);
    const runtime = await stand.start({ idleSeconds: 0.3 });
    await publish(runtime.url, 'a', 'first');
    await until(() => ended(stand).length === 1, 'the first is done');
    await until(() => runtime.stats().functions.rare?.instances === 0, 'nothing runs');
    await publish(runtime.url, 'a', 'second');
    await until(() => ended(stand).length === 2, 'the second is done');
    expect(runtime.stats().functions.rare?.started).toBe(2);
    expect(stand.log.join('\n')).not.toContain('in the middle of its work');
  });

  it('keeps the last process of a service for as long as its manifest asks, and then ends it too', async () => {
    await using stand = new Stand([
      { name: 'kept', target: 'worker', types: ['a'], retention: '2s' },
      { name: 'free', target: 'worker', types: ['a'] },
    ]);
    const runtime = await stand.start({ idleSeconds: 0.2 });
    await publish(runtime.url, 'a', 'first');
    await until(() => ended(stand).length === 2, 'both are done');
    await until(() => runtime.stats().functions.free?.instances === 0, 'the free one is gone');
    expect(runtime.stats().functions.kept?.instances).toBe(1);
    await until(() => runtime.stats().functions.kept?.instances === 0, 'the kept one is gone too');
  });

  it('keeps a process that works for longer than the idle time', async () => {
    await using stand = new Stand([{ name: 'slow', target: 'worker', types: ['a'] }]);
    const { url } = await stand.start({ idleSeconds: 0.2 });
    await publish(url, 'a', 'long', { ms: 1500 });
    await until(() => ended(stand).length === 1, 'it is done');
    expect(began(stand)).toHaveLength(1);
  });

  it('delivers again what a process was working on when it was killed', async () => {
    await using stand = new Stand([{ name: 'mortal', target: 'worker', types: ['a'] }]);
    const { url } = await stand.start();
    await publish(url, 'a', 'work', { ms: 600, child: true });
    const [first] = await until(() => (began(stand).length > 0 ? began(stand) : null), 'it has begun');
    process.kill(first?.pid as number, 'SIGKILL');
    await until(() => ended(stand).length === 1, 'it is done after all');
    expect(began(stand).map(({ id }) => id)).toEqual(['work', 'work']);
    expect(began(stand)[1]?.pid).not.toBe(first?.pid);
  });

  it('sends nobody to a process that has just been killed: only what it was working on counts as failed', async () => {
    await using stand = new Stand([{ name: 'mortal', target: 'worker', types: ['a'], maxScale: 1 }]);
    const runtime = await stand.start();
    for (let i = 0; i < 6; i += 1) await publish(runtime.url, 'a', `${i}`, { ms: 200 });
    const [first] = await until(() => (began(stand).length > 0 ? began(stand) : null), 'the first has begun');
    process.kill(first?.pid as number, 'SIGKILL');
    await until(() => ended(stand).length === 6, 'all is done');
    expect(runtime.stats().broker.retried).toBe(1);
  });

  it('stops a process whose request overran the time of the service, and tries again', async () => {
    await using stand = new Stand([
      { name: 'endless', target: 'worker', types: ['a'], timeoutSeconds: 0.5, retries: 1 },
    ]);
    const runtime = await stand.start();
    await publish(runtime.url, 'a', 'never', { ms: 60_000 });
    await until(() => runtime.idle(), 'the broker has given up');
    expect(runtime.stats().functions.endless?.started).toBe(2);
    await until(() => began(stand).every(({ pid }) => !isAlive(pid)), 'both processes are gone');
    expect(stand.log.join('\n')).toContain('no answer after 0.5 s');
  });

  it('keeps no sender waiting for another one: a late event passes a long queue of another Trigger', async () => {
    const types = { crowd: ['crowd'], guest: ['guest'] };
    await using stand = new Stand([{ name: 'place', target: 'worker', types, maxScale: 1 }]);
    const { url } = await stand.start();
    for (let i = 0; i < 10; i += 1) await publish(url, 'crowd', `crowd-${i}`, { ms: 100 });
    await until(() => began(stand).length > 0, 'the crowd is being served');
    await publish(url, 'guest', 'guest');
    await until(() => ended(stand).length === 11, 'all is done');
    expect(ended(stand).findIndex(({ id }) => id === 'guest')).toBeLessThan(5);
  });

  it('ends everything when it is stopped, also what is in the middle of its work', async () => {
    await using stand = new Stand([{ name: 'busy', target: 'worker', types: ['a'] }]);
    const runtime = await stand.start();
    await publish(runtime.url, 'a', 'long', { ms: 60_000, child: true });
    const [entry] = await until(() => (began(stand).length > 0 ? began(stand) : null), 'it has begun');
    expect(isAlive(entry?.childPid as number)).toBe(true);
    await runtime.stop();
    expect(isAlive(entry?.pid as number)).toBe(false);
    await until(() => !isAlive(entry?.childPid as number), 'what it had started is gone');
    await expect(fetch(runtime.url)).rejects.toThrow();
  });
});
