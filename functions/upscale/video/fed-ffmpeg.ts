import type { Duplex } from 'node:stream';
import { startFfmpeg } from '../../../shared/media/ffmpeg.ts';

/** An ffmpeg that is given its input piece by piece, as `pipe:3`. Disposed before it has finished, it is ended. */
export interface FedFfmpeg extends AsyncDisposable {
  /** Done when the bytes are free again; why ffmpeg no longer reads is what it rejects with. */
  send(bytes: Uint8Array): Promise<void>;
  /** Says that this was all, and waits for what is left to be written. */
  finish(): Promise<void>;
}

interface FedOptions {
  timeLimitSeconds: number;
  signal?: AbortSignal | undefined;
}

export async function startFedFfmpeg(args: string[], { timeLimitSeconds, signal }: FedOptions): Promise<FedFfmpeg> {
  const stop = new AbortController();
  const running = await startFfmpeg(args, {
    timeLimitSeconds,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    extraPipes: 1,
  });
  running.stdout.resume();
  running.ended.catch(() => {});
  const pipe = running.pipes[0] as Duplex;
  pipe.on('error', () => {});
  return {
    async send(bytes) {
      try {
        await new Promise<void>((sent, failed) => {
          pipe.write(bytes, (error) => (error ? failed(error) : sent()));
        });
      } catch (error) {
        await running.ended;
        throw error;
      }
    },
    async finish() {
      pipe.end();
      await running.ended;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      pipe.destroy();
      await running.ended.catch(() => {});
    },
  };
}
