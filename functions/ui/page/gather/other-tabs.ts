/** Tabs of this browser tell each other what they are sending, so that a new one doesn't take it for left behind. */

const ANSWER_MS = 300;

type Told = { ask: true } | { sending: readonly string[] };

/** Answers other tabs with what `sending` gives. */
export function answerTabs(sending: () => readonly string[]): void {
  const channel = new BroadcastChannel('montage-uploads');
  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if ('ask' in data) channel.postMessage({ sending: sending() } satisfies Told);
  });
}

/** What other tabs are sending. */
export async function sentByOthers(): Promise<ReadonlySet<string>> {
  const channel = new BroadcastChannel('montage-uploads');
  const told = new Set<string>();
  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if ('sending' in data) for (const name of data.sending) told.add(name);
  });
  channel.postMessage({ ask: true } satisfies Told);
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  channel.close();
  return told;
}
