import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { POD_LOGS } from './places.ts';

const EVERY_MS = 250;

const LineSchema = z.looseObject({ message: z.string(), time: z.iso.datetime(), function: z.string().optional() });

/** A line of JSON that a function logged. */
export type PodLine = z.infer<typeof LineSchema> & { pod: string };

/** Collects what the functions of a namespace log, while their pods come and go: kubelet's files are gone with the pod. */
export class PodLogs {
  readonly lines: PodLine[] = [];
  readonly #namespace: string;
  readonly #read = new Map<string, number>();
  #stopped = false;
  readonly #reading: Promise<void>;

  constructor(namespace: string) {
    this.#namespace = namespace;
    this.#reading = this.#follow();
  }

  /** The lines in which a function said `message`. */
  said(name: string, message: string): PodLine[] {
    return this.lines.filter((line) => line.function === name && line.message === message);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#reading;
  }

  async #follow(): Promise<void> {
    while (!this.#stopped) {
      await this.#readAll();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await this.#readAll();
  }

  async #readAll(): Promise<void> {
    const pods = (await readdir(POD_LOGS).catch(() => [])).filter((name) => name.startsWith(`${this.#namespace}_`));
    for (const pod of pods) {
      const folder = join(POD_LOGS, pod, 'user-container');
      for (const file of await readdir(folder).catch(() => [])) await this.#readFile(join(folder, file), pod);
    }
  }

  async #readFile(path: string, folder: string): Promise<void> {
    const pod = folder.split('_')[1] ?? folder;
    const from = this.#read.get(path) ?? 0;
    const text = await read(path, from);
    // What comes after the last line's end is read again, whole.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.#read.set(path, from + Buffer.byteLength(whole));
    for (const line of whole.split('\n')) {
      // "<time> stderr F <what was said>", as the container runtime writes it.
      const said = /^\S+ std(?:out|err) F (\{.*\})$/.exec(line)?.[1];
      const parsed = said ? LineSchema.safeParse(JSON.parse(said)) : null;
      if (parsed?.success) this.lines.push({ ...parsed.data, pod });
    }
  }
}

async function read(path: string, from: number): Promise<string> {
  const file = await open(path).catch(() => null);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.max(0, size - from));
    await file.read(buffer, 0, buffer.length, from);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}
