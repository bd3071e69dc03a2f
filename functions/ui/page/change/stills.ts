/** How many pictures are made at once: each needs a decoder. */
const AT_ONCE = 2;
const WIDTH = 320;
const PATIENCE_MS = 15_000;

let busy = 0;
const queue: (() => void)[] = [];

async function turn(): Promise<Disposable> {
  if (busy >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
  busy += 1;
  return {
    [Symbol.dispose]() {
      busy -= 1;
      queue.shift()?.();
    },
  };
}

/** The first picture of a file or address, as an address of its own; null where this browser can't decode it. */
export async function firstFrame(source: File | string): Promise<string | null> {
  let picture: string | null = null;
  await stillsOf(source, [0], (address) => {
    picture = address;
  });
  return picture;
}

/**
 * Pictures of a video at some moments in seconds, one after the other, until the signal. Whether all could be made: fewer are where it
 * can't be decoded.
 */
export async function stillsOf(
  source: File | string,
  moments: readonly number[],
  take: (address: string, index: number) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  using _ = await turn();
  if (signal?.aborted) return false;
  const video = document.createElement('video');
  const own = typeof source === 'string' ? null : URL.createObjectURL(source);
  video.muted = true;
  video.playsInline = true;
  // Pictures of a store elsewhere may be read where it says so.
  if (!own) video.crossOrigin = 'anonymous';
  video.preload = 'auto';
  video.src = own ?? (source as string);
  try {
    await happens(video, 'loadeddata');
    for (const [index, moment] of moments.entries()) {
      if (signal?.aborted) return false;
      if (moment > 0) {
        const there = happens(video, 'seeked');
        video.currentTime = Math.min(moment, video.duration || moment);
        await there;
      }
      const picture = await pictureOf(video);
      if (!picture || signal?.aborted) return false;
      take(URL.createObjectURL(picture), index);
    }
    return true;
  } catch {
    // It can't be decoded here, or comes from a store that keeps its pictures from pages.
    return false;
  } finally {
    video.removeAttribute('src');
    video.load();
    if (own) URL.revokeObjectURL(own);
  }
}

function happens(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const impatient = setTimeout(() => reject(new Error('It takes too long')), PATIENCE_MS);
    const end = (settle: () => void) => {
      clearTimeout(impatient);
      settle();
    };
    video.addEventListener(event, () => end(resolve), { once: true });
    video.addEventListener('error', () => end(() => reject(new Error('It can not be decoded'))), { once: true });
  });
}

function pictureOf(video: HTMLVideoElement): Promise<Blob | null> {
  if (video.videoWidth === 0) return Promise.resolve(null);
  const canvas = document.createElement('canvas');
  canvas.width = Math.min(WIDTH, video.videoWidth);
  canvas.height = Math.max(1, Math.round((canvas.width * video.videoHeight) / video.videoWidth));
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
}
