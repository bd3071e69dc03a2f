import { type Delivery, DeliverySchema } from '../shared/hooks.ts';
import { hookKeys } from '../shared/keys.ts';
import { readJsonOrNull } from './read-json.ts';
import type { ObjectInfo, Store } from './store.ts';

/** A delivery as it is noted, and what it takes to change the note only while it is still that. */
export interface NotedDelivery {
  delivery: Delivery;
  etag: string;
}

/** What has come of telling a hook of an event; null where nobody has begun to. */
export async function findDelivery(store: Store, hook: string, event: string): Promise<NotedDelivery | null> {
  const key = hookKeys.delivery(hook, event);
  // The ETag comes before the content, so that content newer than it can only make the compare-and-set fail.
  const info = await store.stat('jobs', key);
  const delivery = info && (await readDelivery(store, key));
  return delivery && { delivery, etag: info.etag };
}

/** Notes a delivery in the place of what is noted of it now, null for nothing. Null when that has changed meanwhile. */
export async function noteDelivery(
  store: Store,
  hook: string,
  delivery: Delivery,
  before: NotedDelivery | null,
): Promise<NotedDelivery | null> {
  const key = hookKeys.delivery(hook, delivery.event);
  const body = JSON.stringify(delivery);
  const written = before ? await store.replace('jobs', key, body, before.etag) : await store.putOnce('jobs', key, body);
  return written && { delivery, etag: written.etag };
}

/** Where all deliveries of a hook are noted, without reading them. */
export function deliveryNotes(store: Store, hook: string): Promise<ObjectInfo[]> {
  return Array.fromAsync(store.list('jobs', hookKeys.deliveries(hook)));
}

/** The delivery that lies there; null when it has just been removed. */
export async function readDelivery(store: Store, key: string): Promise<Delivery | null> {
  const json = await readJsonOrNull(store, 'jobs', key);
  return json === null ? null : DeliverySchema.parse(json);
}
