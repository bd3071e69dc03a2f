import { existsSync } from 'node:fs';
import { WrongUse } from './exit.ts';

/** Options that npm has none of that name; what stands before a `--` it takes for its own, and hands on by variables of these names. */
const OURS = [
  'footage',
  'music',
  'duration',
  'must',
  'never',
  'upscale',
  'scale',
  'model',
  'device',
  'seed',
  'quality',
];

/**
 * What follows a script's name without a `--` between, npm keeps to itself where it looks like an option.
 *
 * @throws {WrongUse} when it has kept something: without it, something else would be made than was asked for.
 */
export function assertNothingKept(words: readonly string[], environment: NodeJS.ProcessEnv = process.env): void {
  const kept = OURS.filter((option) => environment[`npm_config_${option}`] !== undefined).map(
    (option) => `--${option}`,
  );
  if (kept.length === 0) return;
  const command = ['npm run', environment.npm_lifecycle_event ?? 'montage', '--', ...words].join(' ');
  throw new WrongUse(
    `npm kept ${kept.join(', ')} to itself: put -- before the command, as in ${command} ${kept.join(' … ')} …`,
  );
}

/** A complaint about an option, with what was meant where that is plain: a file whose name begins with a dash looks like one. */
export function misread(complaint: string): string {
  const [, dashed = ''] = /^Unknown option '(-[^']*)'/.exec(complaint) ?? [];
  return dashed && existsSync(dashed)
    ? `${complaint.replace(/\.$/, '')}. A file of that name is meant by ./${dashed}`
    : complaint;
}
