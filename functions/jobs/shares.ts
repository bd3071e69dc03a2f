import { createHash, randomUUID } from 'node:crypto';
import { outputKeys, revisionKeys, sharedFileKey } from '../../shared/keys.ts';
import { ReportSchema } from '../../shared/report.ts';
import { SHARED_FILES, type Share, type SharedFile, type ShownShare } from '../../shared/shares.ts';
import { findJob } from '../../storage/jobs.ts';
import { readJson } from '../../storage/read-json.ts';
import { orderOf } from '../../storage/revisions.ts';
import { clearShares, findShare, keepShare, openShare, removeShare, sharesOf } from '../../storage/shares.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { linkOf, newSalt, tokenOf } from './share-token.ts';
import { EXPIRES_SECONDS, redirectTo } from './signed.ts';

/** Each keeps files of its own. */
const MOST_SHARES = 20;
const HOUR_MS = 3600 * 1000;

export const createShare: Handler<'createShare'> = async ({ store, parameters: { job }, body, header, now }) => {
  await clearShares(store, now, job);
  const identity = header('Idempotency-Key') ?? randomUUID();
  const id = shareId(job, identity);
  const standing = await sharesOf(store, job, now);
  if (standing.length >= MOST_SHARES && !standing.some((share) => share.id === id))
    throw new Problem(409, `The job ${job} has ${MOST_SHARES} share links already: revoke one that nobody needs`);
  const revision = await finishedRevision(store, job, body.revision);
  const salt = newSalt();
  const { share, isNew } = await keepShare(store, {
    id,
    job,
    revision,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + body.expiresInHours * HOUR_MS).toISOString(),
    salt,
    link: linkOf(tokenOf(salt, identity)),
    ...(await finishedMontage(store, job, revision)),
  });
  await openShare(store, share).catch(async (error: unknown) => {
    if (isNew) await removeShare(store, job, id);
    throw error;
  });
  const token = tokenOf(share.salt, identity);
  return { status: isNew ? 201 : 200, body: { ...shown(share), token, path: `/share/${token}` } };
};

export const listShares: Handler<'listShares'> = async ({ store, parameters: { job }, now }) => {
  if (!(await findJob(store, job))) throw new Problem(404, `There is no job ${job}`);
  return { status: 200, body: { shares: (await sharesOf(store, job, now)).map(shown) } };
};

export const deleteShare: Handler<'deleteShare'> = async ({ store, parameters: { job, share } }) => {
  if (!(await removeShare(store, job, share))) throw new Problem(404, `The job ${job} has no share link ${share}`);
  return { status: 204 };
};

export const showShare: Handler<'showShare'> = async ({ store, parameters: { token }, now }) => {
  const { montage, expiresAt, files } = await shareOf(store, token, now);
  const pathOf = (file: SharedFile) => `/v1/shares/${token}/${file}`;
  return {
    status: 200,
    body: {
      ...montage,
      expiresAt,
      video: pathOf('montage.mp4'),
      download: `${pathOf('montage.mp4')}?save=true`,
      poster: files.includes('poster.jpg') ? pathOf('poster.jpg') : null,
    },
  };
};

export const findShared: Handler<'findShared'> = async ({ store, parameters: { token, file }, query, now }) => {
  const { id, montage, expiresAt, files } = await shareOf(store, token, now);
  if (!files.includes(file)) throw new Problem(404, `This montage has no ${file}`);
  const leftSeconds = Math.max(1, Math.floor((Date.parse(expiresAt) - now.getTime()) / 1000));
  return redirectTo(store, 'output', sharedFileKey(id, file), {
    expiresSeconds: Math.min(EXPIRES_SECONDS, leftSeconds),
    ...(query.save === 'true' && { saveAs: `${montage.title ?? 'Montage'}${file.slice(file.lastIndexOf('.'))}` }),
  });
};

/** One answer to whatever leads nowhere: whether a link ever was one is nobody's business. */
async function shareOf(store: Store, token: string, now: Date): Promise<Share> {
  const share = await findShare(store, linkOf(token), now);
  if (!share) throw new Problem(404, 'This link leads nowhere: it has expired, was revoked, or never was one');
  return share;
}

async function finishedRevision(store: Store, job: string, asked: number | undefined): Promise<number> {
  const seen = await findJob(store, job);
  if (!seen) throw new Problem(404, `There is no job ${job}`);
  const revision = asked ?? seen.finishedRevision;
  if (revision === null) throw new Problem(409, `The job ${job} has no finished montage to share yet`);
  if (!(await store.stat('jobs', revisionKeys(job, revision).done)))
    throw new Problem(404, `The job ${job} has no finished revision ${revision}`);
  return revision;
}

/** What is said of a finished montage to whoever has a link to it, and which of its files there are. */
async function finishedMontage(store: Store, job: string, revision: number): Promise<Pick<Share, 'montage' | 'files'>> {
  const keys = outputKeys(job, revision);
  const there = await Promise.all(SHARED_FILES.map((file) => store.stat('output', `${keys.root}${file}`)));
  const [video] = there;
  if (!video) throw new Problem(409, `The video of revision ${revision} of ${job} is there no more`);
  const { title = null } = await orderOf(store, job, revision);
  const { output } = ReportSchema.pick({ output: true }).parse(await readJson(store, 'output', keys.report));
  const { durationSeconds, width, height } = output;
  return {
    montage: { title: title || null, durationSeconds, width, height, madeAt: video.lastModified.toISOString() },
    files: SHARED_FILES.filter((_, i) => there[i]),
  };
}

const shown = ({ id, revision, createdAt, expiresAt }: Share): ShownShare => ({ id, revision, createdAt, expiresAt });

/** The same identity gives the same share of a job, so that whoever lost the answer asks again. */
const shareId = (job: string, identity: string): string => {
  const digest = createHash('sha256').update(JSON.stringify([job, identity]));
  return `share-${digest.digest('hex').slice(0, 12)}`;
};
