/** Woken when a job is completed, failed or cancelled, and when a hook is tested: tells whoever wants to know. Knows nothing of media. */
import { wokenBy } from '../woken.ts';
import { tell } from './tell.ts';

wokenBy('notify', async (object, { store, config }) => {
  if (object) await tell(store, object, { config });
});
