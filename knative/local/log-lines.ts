import { z } from 'zod';
import { log } from '../../shared/log.ts';

/** A line of a function's log, or of the runtime's own. */
export interface RuntimeLog {
  /** Name of the function, or "runtime". */
  function: string;
  severity: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  message: string;
  /** What else the line says, by name. */
  fields?: Readonly<Record<string, unknown>>;
}

/** As shared/log.ts writes it. */
const LineSchema = z.looseObject({
  severity: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  message: z.string(),
});

const STACK_FRAME = /^\s+at /;

/** What a line that a function wrote says. One that isn't in the form of the log is taken as it is; standard output and stack frames are detail. */
export function lineOf(name: string, line: string, stream: 'stdout' | 'stderr'): RuntimeLog {
  const parsed = LineSchema.safeParse(jsonIn(line));
  if (!parsed.success) {
    const detail = stream === 'stdout' || STACK_FRAME.test(line);
    return { function: name, severity: detail ? 'DEBUG' : 'INFO', message: line };
  }
  const { severity, message, ...fields } = parsed.data;
  return { function: name, severity, message, fields };
}

/** The entry on one line for a person. */
export function textOf({ function: name, severity, message, fields = {} }: RuntimeLog): string {
  const pairs = Object.entries(fields)
    .filter(([field]) => field !== 'time' && field !== 'function')
    .map(([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const level = severity === 'INFO' ? '' : ` ${severity.toLowerCase()}`;
  return `${new Date().toTimeString().slice(0, 8)}${level} ${name}: ${[message, ...pairs].join(' ')}`;
}

/** Writes the entry to this process's own log. */
export function writeLog({ function: name, severity, message, fields = {} }: RuntimeLog): void {
  const level = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
  const plain = Object.entries(fields).map(([field, value]) => [
    field,
    typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean | undefined),
  ]);
  log[level[severity]](message, { ...Object.fromEntries(plain), function: name });
}

function jsonIn(line: string): unknown {
  try {
    return line.startsWith('{') ? JSON.parse(line) : undefined;
  } catch {
    return undefined;
  }
}
