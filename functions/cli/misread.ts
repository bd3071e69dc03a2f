import { existsSync } from 'node:fs';

/** Options that only ours has; npm hands on those that it took for its own by these variables. */
const OURS = ['footage', 'music', 'duration', 'must', 'never', 'only', 'upscale', 'scale', 'model', 'data', 'server'];

/**
 * What a command was told wrongly, and how to say it where it is plain what was meant: npm keeps what stands before a `--` to itself,
 * and a file whose name begins with a dash looks like an option.
 */
export function misread(complaint: string, environment: NodeJS.ProcessEnv = process.env): string {
  const said = complaint.replace(/\.$/, '');
  if (OURS.some((option) => environment[`npm_config_${option}`] !== undefined))
    return `${said}. npm kept the options to itself: put -- before the command, as in npm run montage -- run dynamic --footage clips`;
  const [, dashed = ''] = /^Unknown option '(-[^']*)'/.exec(complaint) ?? [];
  if (dashed && existsSync(dashed)) return `${said}. A file of that name is meant by ./${dashed}`;
  return complaint;
}
