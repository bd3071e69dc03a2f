import { signal } from '@preact/signals';
import type { StylePreview } from '../../../../shared/preview.ts';
import { client, isAway } from '../server.ts';

/** Names of the finished previews, by style. */
export const previews = signal<ReadonlyMap<string, string>>(new Map());

const SOON_MS = 3000;
const AT_MOST_MS = 30_000;

let asked = false;

/** Has the missing previews made, once a page, and takes each as it is finished: looks again for as long as any is to come. */
export async function askForPreviews(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    await follow((await client.call('wantPreviews', {})).body.previews);
  } catch {
    // The cards are whole without them; whoever comes next asks again.
    asked = false;
  }
}

async function follow(first: readonly StylePreview[]): Promise<void> {
  let waitMs = SOON_MS;
  for (let found = first; take(found); ) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const before = previews.value.size;
    found = await client.call('listPreviews', {}).then(
      ({ body }) => body.previews,
      (error: unknown) => {
        if (isAway(error)) return found;
        throw error;
      },
    );
    // More gently while they have to wait for something else.
    waitMs = made(found).length > before ? SOON_MS : Math.min(AT_MOST_MS, waitMs * 1.5);
  }
}

const made = (found: readonly StylePreview[]) => found.filter(({ state }) => state === 'made');

/** Shows those that are made. Whether others are to come. */
function take(found: readonly StylePreview[]): boolean {
  previews.value = new Map(made(found).map(({ style, preview }) => [style, preview]));
  return found.some(({ state }) => state === 'wanted');
}
