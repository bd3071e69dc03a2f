/** Which take each slot is cut from, and the slots that found no room, with the largest room that was left for them. */
export interface Packing {
  /** Index of a take, or −1. */
  takeOf: number[];
  unfit: { slot: number; room: number }[];
}

/**
 * Fits slots into takes: longest first, each into the take that it fills best (best-fit decreasing, Johnson 1973, which needs
 * at most 11/9 of the fewest takes). The first `firstRound` slots go to as many clips as there are, before any clip gives two.
 */
export function pack(
  needs: readonly number[],
  rooms: readonly number[],
  clipOf: readonly number[],
  firstRound: number,
): Packing {
  const left = [...rooms];
  const takeOf = needs.map(() => -1);
  const byNeed = [...needs.keys()].sort((a, b) => (needs[b] ?? 0) - (needs[a] ?? 0) || a - b);
  const put = (slot: number, take: number) => {
    takeOf[slot] = take;
    left[take] = (left[take] ?? 0) - (needs[slot] ?? 0);
  };
  const seen = new Set<number>();
  for (const slot of byNeed) {
    if (slot >= firstRound) continue;
    const take = tightest(left, needs[slot] ?? 0, (candidate) => !seen.has(clipOf[candidate] ?? -1));
    if (take < 0) continue;
    put(slot, take);
    seen.add(clipOf[take] ?? -1);
  }
  const unfit: Packing['unfit'] = [];
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
  return { takeOf, unfit };
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
