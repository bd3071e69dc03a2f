import type { SECTION_LABELS } from '../../shared/analysis.ts';
import { ENERGY_HOP_SECONDS } from './energy.ts';
import type { Section } from './sections.ts';

export type SectionLabel = (typeof SECTION_LABELS)[number];

/** Energies against that of the song's most intense section. */
const DROP_FROM = 0.88;
const QUIET_UNDER = 0.72;
const RISE_INTO_DROP = 0.08;
/** A song whose sections differ by less has no drops and breaks. */
const LEAST_CONTRAST = 0.12;

/** Names sections by what their energy does: a quiet beginning is an intro, what climbs into the most intense part a build. */
export function labelSections(sections: readonly Section[], energy: readonly number[]): SectionLabel[] {
  const most = Math.max(...sections.map((section) => section.energy), 1e-6);
  const least = Math.min(...sections.map((section) => section.energy));
  const level = sections.map((section) => section.energy / most);
  if (sections.length === 1 || most - least < LEAST_CONTRAST) return sections.map(() => 'verse');
  const last = sections.length - 1;
  const drops = level.map((value, n) => value >= DROP_FROM && n > 0);
  return sections.map((section, n) => {
    const here = level[n] as number;
    if (drops[n]) return 'drop';
    const climbs = risesIn(section, energy);
    if (
      drops[n + 1] &&
      (level[n + 1] as number) - here >= RISE_INTO_DROP &&
      (climbs || (n > 0 && here > 0.5 * DROP_FROM))
    ) {
      // The first section before a drop is an intro unless it climbs all the way.
      if (n > 0 || climbs) return n > 0 ? 'build' : 'intro';
    }
    if (n === 0) return here < DROP_FROM ? 'intro' : 'verse';
    if (n === last) return here < DROP_FROM ? 'outro' : 'verse';
    return here < QUIET_UNDER && (level[n - 1] as number) > here ? 'break' : 'verse';
  });
}

/** Whether a section ends clearly more intense than it began. */
function risesIn(section: Section, energy: readonly number[]): boolean {
  const from = Math.round(section.start / ENERGY_HOP_SECONDS);
  const to = Math.round(section.end / ENERGY_HOP_SECONDS);
  const third = Math.max(1, Math.floor((to - from) / 3));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return mean(energy.slice(to - third, to)) - mean(energy.slice(from, from + third)) > 0.1;
}
