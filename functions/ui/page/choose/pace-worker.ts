import type { Style } from '../../../../shared/style.ts';
import { answering } from '../asked-worker.ts';
import { paceBars } from './pacing.ts';

/** Finds out beside the page how styles cut, so that it stays smooth. */
answering((style: Style) => paceBars(style));
