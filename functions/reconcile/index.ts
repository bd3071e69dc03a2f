/** Woken by every event of a job and by a timer: works out what open jobs lack and asks for it. Knows the order, nothing of media. */
import { recognise } from '../../shared/keys.ts';
import { clearCloudWork } from '../../storage/cloud-work.ts';
import { noteForgottenJobs, noteJob } from '../../storage/open-jobs.ts';
import { quotaBytes } from '../../storage/quotas.ts';
import { makeRoom } from '../../storage/room.ts';
import { clearShares } from '../../storage/shares.ts';
import { clearUploads } from '../../storage/uploads.ts';
import { wokenBy } from '../woken.ts';
import { noteEnd } from './ended.ts';
import { pass, takeForgottenOrders, takeOrder } from './pass.ts';
import { lookAfterHooks } from './remind.ts';
import { followRules } from './rules.ts';
import { Settling } from './settling.ts';
import { Turnstile } from './turnstile.ts';

const turnstile = new Turnstile<Date | null>();
const settling = new Settling();

wokenBy('reconcile', async (object, { store, config }) => {
  const recognised = object && recognise(object.bucket, object.key);
  if (!object) {
    await takeForgottenOrders(store);
    await followRules(store, new Date());
    await noteForgottenJobs(store);
    await clearUploads(store, new Date());
    await clearShares(store, new Date());
    await clearCloudWork(store, new Date());
    await lookAfterHooks(store, new Date());
    if (config.MONTAGE_STORE) await makeRoom(store, quotaBytes('cache', config.MONTAGE_STORE_GIB), new Date());
  } else if (recognised?.kind.type === 'ai.montage.order.dropped') await takeOrder(store, object.key, object.etag);
  else if (recognised?.fields.job) await noteJob(store, recognised.fields.job);
  const look = () => turnstile.enter(() => pass(store, config));
  const until = await look();
  if (object?.bucket === 'jobs') await noteEnd(store, object.key);
  // A set that has been quiet for long enough is no new object: nobody would be woken for it.
  await settling.wait(until, look);
});
