import { on } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { brought } from '../brought.ts';
import { LARGE, SMALL } from './onnx-graph.ts';

/** What a network's thread is started with. */
export interface NetworkOrder {
  /** The network in ONNX. */
  model: Uint8Array<ArrayBuffer>;
  /** How many threads compute, this one among them. */
  threads: number;
}

/** Red, green and blue in three planes, and room for the same, larger. */
export interface Planes {
  small: Float32Array<ArrayBuffer>;
  large: Float32Array<ArrayBuffer>;
}

/** What is to be enlarged. The planes are handed over, and handed back with the answer. */
export interface Enlarging extends Planes {
  width: number;
  height: number;
  scale: number;
}

/** What the thread says: once when it has begun, then about each that it was asked for, in their order. */
export type NetworkAnswer = { kind: 'done'; planes: Planes | null } | { kind: 'failed'; error: unknown };

if (parentPort) await compute(parentPort, workerData as NetworkOrder);

async function compute(port: NonNullable<typeof parentPort>, { model, threads }: NetworkOrder): Promise<void> {
  const say = (answer: NetworkAnswer, handed: ArrayBuffer[] = []) => port.postMessage(answer, handed);
  const { InferenceSession, Tensor } = await brought<typeof import('onnxruntime-common')>('onnxruntime-node');
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads, enableMemPattern: false });
  const requests = on(port, 'message') as AsyncIterable<[Enlarging | 'end']>;
  say({ kind: 'done', planes: null });
  for await (const [request] of requests) {
    if (request === 'end') break;
    const { small, large, width, height, scale } = request;
    try {
      await session.run(
        { [SMALL]: new Tensor('float32', small, [1, 3, height, width]) },
        { [LARGE]: new Tensor('float32', large, [1, 3, height * scale, width * scale]) },
      );
      say({ kind: 'done', planes: { small, large } }, [small.buffer, large.buffer]);
    } catch (error) {
      say({ kind: 'failed', error });
    }
  }
  await session.release();
  port.close();
}
