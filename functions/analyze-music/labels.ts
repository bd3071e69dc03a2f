import type { SECTION_LABELS } from '../../shared/analysis.ts';
import { ENERGY_HOP_SECONDS } from './energy.ts';
import type { Section } from './sections.ts';

export type SectionLabel = (typeof SECTION_LABELS)[number];

/** Energies against that of the song's most intense section. */
const INTENSE_FROM = 0.88;
const QUIET_UNDER = 0.72;
/** How much more intense a section is than the one before when something arrives there. */
const STEP = 0.08;
/** How much more intense the last third of a section is than its first when it climbs. */
const CLIMB = 0.05;
/** A song whose sections differ by less has no drops and breaks. */
const LEAST_CONTRAST = 0.12;

/**
 * Names sections by what their energy does: a quiet beginning is an intro, where it steps up to the song's most intense level
 * something drops, what climbs there is a build, a quiet stretch in between a break.
 */
export function labelSections(sections: readonly Section[], energy: readonly number[]): SectionLabel[] {
  const most = Math.max(...sections.map((section) => section.energy), 1e-6);
  const least = Math.min(...sections.map((section) => section.energy));
  if (sections.length === 1 || most - least < LEAST_CONTRAST) return sections.map(() => 'verse');
  const level = sections.map((section) => section.energy / most);
  const climbs = sections.map((section) => risesIn(section, energy));
  const drops = dropsAmong(level, climbs);
  const last = sections.length - 1;
  return sections.map((_, n) => {
    const here = level[n] as number;
    if (drops[n]) return 'drop';
    if (n === 0) return here < INTENSE_FROM ? 'intro' : 'verse';
    if (drops[n + 1] && climbs[n]) return 'build';
    if (n === last) return here < INTENSE_FROM ? 'outro' : 'verse';
    return here < QUIET_UNDER && (level[n - 1] as number) > here ? 'break' : 'verse';
  });
}

function dropsAmong(level: readonly number[], climbs: readonly boolean[]): boolean[] {
  const arrives = level.map((here, n) => n > 0 && here >= INTENSE_FROM && here - (level[n - 1] as number) >= STEP);
  const first = arrives.indexOf(true);
  // Where a song that arrives again later comes out of its intro, its verse begins.
  const onlyBegins = first === 1 && !climbs[0] && arrives.indexOf(true, first + 1) > 0;
  const drops: boolean[] = [];
  for (const [n, here] of level.entries()) {
    const goesOn = drops[n - 1] === true && here >= INTENSE_FROM;
    drops.push(goesOn || (arrives[n] === true && !(onlyBegins && n === first)));
  }
  return drops;
}

/** Whether a section ends clearly more intense than it began. */
function risesIn(section: Section, energy: readonly number[]): boolean {
  const from = Math.round(section.start / ENERGY_HOP_SECONDS);
  const to = Math.round(section.end / ENERGY_HOP_SECONDS);
  const third = Math.max(1, Math.floor((to - from) / 3));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return mean(energy.slice(to - third, to)) - mean(energy.slice(from, from + third)) >= CLIMB;
}
