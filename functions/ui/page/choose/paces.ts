import type { Style } from '../../../../shared/style.ts';
import { AskedWorker } from '../asked-worker.ts';
import type { PaceBar } from './pacing.ts';

const worker = new AskedWorker<Style, PaceBar[]>(
  () => new Worker(new URL('./pace-worker.ts', import.meta.url), { type: 'module' }),
);

/** How a style would cut one and the same song. */
export const paceOf = (style: Style): Promise<PaceBar[]> => worker.ask(style);
