import { type Bucket, HOOKS, OPEN_JOBS, PREVIEWS, RULES, SHARES } from '../shared/keys.ts';
import { type Owner, ownerOfName, ownJobs, ownSets, ownSongs } from '../shared/owner.ts';
import { Refusal } from '../shared/refusal.ts';
import type { PartedObject, Parts } from './parts.ts';
import { NoSuchObject, type ObjectInfo, type Store } from './store.ts';

/** Something was to be written that isn't the writer's. */
export class NotYours extends Refusal {
  constructor(owner: Owner, key: string) {
    super(`${key} is not yours: what is yours is named ${owner}~<set>/…, songs ${owner}~/…`);
  }
}

/**
 * The store as one person has it: what belongs to others isn't there, and can't be written. Whatever the API does for somebody it does
 * on this, so no operation can forget to ask whose something is.
 *
 * What is kept by content, tokens or ids that nobody can guess (the cache, links, previews) is there for all; hooks say themselves
 * whose they are.
 */
export function ownedBy(store: Store, owner: Owner): Store {
  const realm = realmOf(owner);
  const isTheirs = (bucket: Bucket, key: string) => realm[bucket].writes.some((prefix) => key.startsWith(prefix));
  const sees = (bucket: Bucket, key: string) => isTheirs(bucket, key) || realm[bucket].sees(key);
  const seen = (bucket: Bucket, key: string) => {
    if (!sees(bucket, key)) throw new NoSuchObject(bucket, key);
  };
  const written = (bucket: Bucket, key: string) => {
    if (!isTheirs(bucket, key)) throw new NotYours(owner, key);
  };
  // All that a store can do: what is new there doesn't compile without its guard here.
  const own: Store = {
    prepare: () => store.prepare(),
    parts: ownedParts(store.parts, isTheirs, written),
    async putOnce(bucket, key, body) {
      written(bucket, key);
      return store.putOnce(bucket, key, body);
    },
    async putFileOnce(bucket, key, path) {
      written(bucket, key);
      return store.putFileOnce(bucket, key, path);
    },
    async copy(bucket, from, to) {
      seen(bucket, from);
      written(bucket, to);
      return store.copy(bucket, from, to);
    },
    async replace(bucket, key, body, etag) {
      written(bucket, key);
      return store.replace(bucket, key, body, etag);
    },
    async read(bucket, key) {
      seen(bucket, key);
      return store.read(bucket, key);
    },
    async stream(bucket, key, range) {
      seen(bucket, key);
      return store.stream(bucket, key, range);
    },
    async getFile(bucket, key, path) {
      seen(bucket, key);
      return store.getFile(bucket, key, path);
    },
    stat: async (bucket, key) => (sees(bucket, key) ? store.stat(bucket, key) : null),
    list: (bucket, prefix) => listed(store, bucket, prefix, realm[bucket].lists, (key) => sees(bucket, key)),
    async delete(bucket, key) {
      written(bucket, key);
      return store.delete(bucket, key);
    },
    watch: (buckets, onArrival, signal) =>
      store.watch(buckets, (arrival) => sees(arrival.bucket, arrival.key) && onArrival(arrival), signal),
    async signedUrl(bucket, key, options) {
      if (options.method === 'PUT') written(bucket, key);
      else seen(bucket, key);
      return store.signedUrl(bucket, key, options);
    },
    localPath: async (bucket, key) => (sees(bucket, key) ? store.localPath(bucket, key) : null),
  };
  return new Proxy(store, {
    // What a driver can do beyond that nobody guards, so it isn't there: not its client, nor what it signs with.
    get: (target, property) =>
      property in own
        ? own[property as keyof Store]
        : UNGUARDED.has(property)
          ? Reflect.get(target, property)
          : undefined,
  });
}

/** Where a folder's disk is, for the room on it and for the empty folders of what was removed. */
const UNGUARDED: ReadonlySet<string | symbol> = new Set(['root']);

interface Part {
  /** What the keys begin with that are the owner's, in order. */
  writes: readonly string[];
  /** What else they see. */
  sees: (key: string) => boolean;
  /** What all they see begins with, in order, none of it within another. */
  lists: readonly string[];
}

function realmOf(owner: Owner): Record<Bucket, Part> {
  const jobs = ownJobs(owner);
  const only = (...prefixes: string[]): Part => ({ writes: prefixes, sees: () => false, lists: prefixes.toSorted() });
  const isShared = (key: string) => key.startsWith('styles/') || key.startsWith('luts/');
  return {
    input: { writes: [ownSets(owner)], sees: isShared, lists: [ownSets(owner), 'luts/', 'styles/'].toSorted() },
    // Nobody's songs are for all.
    music: { writes: [ownSongs(owner)], sees: (key) => ownerOfName(key) === null, lists: [''] },
    jobs: only(
      jobs,
      HOOKS,
      `${OPEN_JOBS}${jobs}`,
      PREVIEWS,
      `${RULES}${ownSets(owner)}`,
      `${SHARES}links/`,
      `${SHARES}made/${jobs}`,
    ),
    cache: only(''),
    output: only(jobs, SHARES),
  };
}

/** What is listed where only some of it is seen: in order, and without asking for what isn't. */
async function* listed(
  store: Store,
  bucket: Bucket,
  prefix: string,
  visible: readonly string[],
  sees: (key: string) => boolean,
): AsyncGenerator<ObjectInfo> {
  for (const each of visible) {
    const within = prefix.startsWith(each) ? prefix : each.startsWith(prefix) ? each : null;
    if (within === null) continue;
    for await (const object of store.list(bucket, within)) if (sees(object.key)) yield object;
  }
}

function ownedParts(
  parts: Parts,
  isTheirs: (bucket: Bucket, key: string) => boolean,
  written: (bucket: Bucket, key: string) => void,
): Parts {
  const checked = ({ bucket, key }: PartedObject) => written(bucket, key);
  return {
    async begin(bucket, key, bytes) {
      written(bucket, key);
      return parts.begin(bucket, key, bytes);
    },
    async url(object, number, expiresSeconds) {
      checked(object);
      return parts.url(object, number, expiresSeconds);
    },
    list: async (object) => (isTheirs(object.bucket, object.key) ? parts.list(object) : null),
    async complete(object, arrived) {
      checked(object);
      return parts.complete(object, arrived);
    },
    async abort(object) {
      checked(object);
      return parts.abort(object);
    },
  };
}
