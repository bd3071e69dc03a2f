import type { Style } from '../../shared/style.ts';
import { type Need, wholeOf } from './fitting.ts';
import { momentWorth } from './moments.ts';
import type { Take } from './takes.ts';

/** A slot that is cut from a take. */
export interface Tenant {
  /** Its place in the montage, counted in cuts. */
  slot: number;
  need: Need;
  tension: number;
}

const MOST_OFFSETS = 240;

/**
 * Where in a take each of its slots starts (first shown frame, after the handle before it), so that none shares a frame with
 * another and the sum of their worths is greatest: dynamic programming over the free frames, in the order of the montage.
 * Slots that follow each other are kept `gapFrames` apart, or as far as there is room; where there is hardly any they are
 * taken from the take's parts in turn, since a cut from a shot to its own next frame isn't seen.
 *
 * @returns first shown frame by slot.
 */
export function placeInTake(
  take: Take,
  tenants: readonly Tenant[],
  shots: Style['shots'],
  gapFrames: number,
): Map<number, number> {
  const slack = take.endFrame - take.startFrame - tenants.reduce((sum, { need }) => sum + wholeOf(need), 0);
  const inOrder = [...tenants].sort((a, b) => a.slot - b.slot);
  const follows = (a: Tenant | undefined, b: Tenant) => a !== undefined && b.slot === a.slot + 1;
  const neighbours = inOrder.filter((tenant, i) => follows(inOrder[i - 1], tenant)).length;
  const gap = neighbours === 0 ? 0 : Math.min(gapFrames, Math.floor(slack / neighbours));
  const order = gap * 2 < gapFrames && neighbours > 0 ? inTurns(inOrder) : inOrder;
  const gapBefore = order.map((tenant, i) => (follows(order[i - 1], tenant) ? gap : 0));
  const free = slack - gapBefore.reduce((sum, frames) => sum + frames, 0);
  const step = Math.max(1, Math.ceil(free / MOST_OFFSETS));
  const offsets = Math.floor(free / step) + 1;

  // best[k][o]: the most that the first k + 1 can be worth with the last of them at offset o or before.
  const pick: Int32Array[] = [];
  const bases: number[] = [];
  let base = take.startFrame;
  let previous = new Float64Array(offsets);
  for (const [k, { need, tension }] of order.entries()) {
    base += gapBefore[k] ?? 0;
    bases.push(base);
    const best = new Float64Array(offsets);
    const at = new Int32Array(offsets);
    let most = Number.NEGATIVE_INFINITY;
    let mostAt = 0;
    for (let o = 0; o < offsets; o++) {
      const first = base + o * step + need.before;
      const worth = (previous[o] ?? 0) + momentWorth(take, first, first + need.shown, tension, shots);
      if (worth > most + 1e-12) {
        most = worth;
        mostAt = o;
      }
      best[o] = most;
      at[o] = mostAt;
    }
    pick.push(at);
    previous = best;
    base += wholeOf(need);
  }
  const starts = new Map<number, number>();
  let offset = offsets - 1;
  for (let k = order.length - 1; k >= 0; k--) {
    const tenant = order[k];
    offset = pick[k]?.[offset] ?? 0;
    if (tenant) starts.set(tenant.slot, (bases[k] ?? 0) + offset * step + tenant.need.before);
  }
  return starts;
}

/** First every other one, then the rest; of two, the later one first. */
function inTurns(tenants: readonly Tenant[]): Tenant[] {
  if (tenants.length === 2) return [...tenants].reverse();
  return [...tenants.filter((_, i) => i % 2 === 0), ...tenants.filter((_, i) => i % 2 === 1)];
}
