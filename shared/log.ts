type Fields = Record<string, string | number | boolean | null | undefined>;
type Level = 'debug' | 'info' | 'warn' | 'error';

const RANK: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Writes one line to standard error: readable on a terminal, JSON elsewhere. `LOG_LEVEL` sets the least level, info by default. */
function write(level: Level, message: string, fields: Fields): void {
  const least = RANK[process.env.LOG_LEVEL as Level] ?? RANK.info;
  if (RANK[level] < least) return;
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  if (process.stderr.isTTY) {
    const pairs = Object.entries(known).map(([name, value]) => `${name}=${value}`);
    process.stderr.write(
      `${new Date().toTimeString().slice(0, 8)} ${level === 'info' ? '' : `${level} `}${[message, ...pairs].join(' ')}\n`,
    );
  } else {
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), severity: level.toUpperCase(), message, ...known })}\n`,
    );
  }
}

export const log = {
  debug: (message: string, fields: Fields = {}) => write('debug', message, fields),
  info: (message: string, fields: Fields = {}) => write('info', message, fields),
  warn: (message: string, fields: Fields = {}) => write('warn', message, fields),
  error: (message: string, fields: Fields = {}) => write('error', message, fields),
};
