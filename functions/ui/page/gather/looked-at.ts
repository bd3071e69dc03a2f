/** Nothing has been scrolled for so long: whoever scrolled has stopped. */
const STILL_MS = 120;
/** What is in view for so long is looked at, however slowly it passes. */
const PASSING_MS = 400;

interface Place {
  readonly looks: Set<() => void>;
  /** When it came into view; null while it isn't. */
  since: number | null;
}

const places = new Map<Element, Place>();
let observer: IntersectionObserver | undefined;
let scrolledAt = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Calls `look` once a place is looked at: in view, and not only scrolled past, so that what it takes to show it is left for what a person
 * stays at. One observer for all, and one place for many things where they lie together: each costs time with every frame that is
 * scrolled. Gives what ends the waiting.
 */
export function whenLookedAt(element: Element, look: () => void): () => void {
  observer ??= start();
  const place = places.get(element) ?? { looks: new Set(), since: null };
  places.set(element, place);
  place.looks.add(look);
  observer.observe(element);
  return () => {
    place.looks.delete(look);
    if (place.looks.size === 0 && places.get(element) === place) forget(element);
  };
}

function start(): IntersectionObserver {
  const options = { passive: true, capture: true };
  addEventListener('scroll', () => (scrolledAt = performance.now()), options);
  return new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const place = places.get(target);
      if (place) place.since = isIntersecting ? (place.since ?? performance.now()) : null;
    }
    lookRound();
  });
}

/** Looks at what may be, and comes back for what is still passing. */
function lookRound(): void {
  clearTimeout(timer);
  const now = performance.now();
  const isStill = now - scrolledAt >= STILL_MS;
  let isPassing = false;
  for (const [element, { looks, since }] of places) {
    if (since === null) continue;
    if (isStill || now - since >= PASSING_MS) {
      forget(element);
      for (const look of looks) look();
    } else isPassing = true;
  }
  if (isPassing) timer = setTimeout(lookRound, STILL_MS);
}

function forget(place: Element): void {
  places.delete(place);
  observer?.unobserve(place);
}
