/** A slot that is too long for where it should go. */
export interface Unfit {
  slot: number;
  /** Frames that there are. */
  room: number;
}

/** Which take each slot is cut from, and the slots that found no room, with the largest room that was left for them. */
export interface Packing {
  /** Index of a take, or −1. */
  takeOf: number[];
  unfit: Unfit[];
  /** Of the clips that must be seen, those that no slot fits into: the slot that would be nearest to it. */
  unseen: Unfit[];
}

/**
 * Fits slots into takes: longest first, each into the take that it fills best (best-fit decreasing, Johnson 1973, which needs
 * at most 11/9 of the fewest takes). Clips that must be seen have theirs before all; then the first `firstRound` slots go to as
 * many clips as there are, before any clip gives two.
 */
export function pack(
  needs: readonly number[],
  rooms: readonly number[],
  clipOf: readonly number[],
  firstRound: number,
  musts: ReadonlySet<number>,
): Packing {
  const left = [...rooms];
  const takeOf = needs.map(() => -1);
  const byNeed = [...needs.keys()].sort((a, b) => (needs[b] ?? 0) - (needs[a] ?? 0) || a - b);
  const put = (slot: number, take: number) => {
    takeOf[slot] = take;
    left[take] = (left[take] ?? 0) - (needs[slot] ?? 0);
  };
  const seen = new Set<number>();
  const unseen: Unfit[] = [];
  const roomOf = (clip: number) =>
    rooms.reduce((most, room, i) => (clipOf[i] === clip ? Math.max(most, room) : most), 0);
  // The shortest first, which have the least choice.
  for (const clip of [...musts].sort((a, b) => roomOf(a) - roomOf(b) || a - b)) {
    const room = roomOf(clip);
    const free = byNeed.filter((slot) => takeOf[slot] === -1 && !unseen.some((other) => other.slot === slot));
    const slot = free.find((candidate) => (needs[candidate] ?? 0) <= room);
    if (slot !== undefined) {
      put(
        slot,
        tightest(left, needs[slot] ?? 0, (candidate) => clipOf[candidate] === clip),
      );
      seen.add(clip);
      continue;
    }
    const near = free.at(-1) ?? byNeed.find((candidate) => !unseen.some((other) => other.slot === candidate));
    if (near !== undefined) unseen.push({ slot: near, room: Math.min(room, (needs[near] ?? 0) / 2) });
  }
  for (const slot of byNeed) {
    if (slot >= firstRound || takeOf[slot] !== -1) continue;
    const take = tightest(left, needs[slot] ?? 0, (candidate) => !seen.has(clipOf[candidate] ?? -1));
    if (take < 0) continue;
    put(slot, take);
    seen.add(clipOf[take] ?? -1);
  }
  const unfit: Unfit[] = [];
  for (const slot of byNeed) {
    if (takeOf[slot] !== -1) continue;
    const take = tightest(left, needs[slot] ?? 0, () => true);
    if (take >= 0) {
      put(slot, take);
      continue;
    }
    const largest = left.reduce((best, room, i) => (room > (left[best] ?? 0) ? i : best), 0);
    unfit.push({ slot, room: left[largest] ?? 0 });
    // Part of this slot will go there, so the next one that finds no room is offered another.
    left[largest] = 0;
  }
  return { takeOf, unfit, unseen };
}

/** The take with the least room that is still enough, or −1. */
function tightest(rooms: readonly number[], need: number, allowed: (take: number) => boolean): number {
  let best = -1;
  for (const [take, room] of rooms.entries()) {
    if (room < need || !allowed(take)) continue;
    if (best < 0 || room < (rooms[best] ?? 0)) best = take;
  }
  return best;
}
