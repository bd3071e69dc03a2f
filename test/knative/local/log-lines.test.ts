import { describe, expect, it } from 'vitest';
import { lineOf, textOf } from '../../../knative/local/log-lines.ts';

describe('a line that a function wrote', () => {
  it('in the form of the log keeps its severity, its message and all else that it says', () => {
    const line = JSON.stringify({ time: 't', severity: 'WARN', message: 'left out', key: 'a/b.mp4', frames: 12 });
    expect(lineOf('render', line, 'stderr')).toEqual({
      function: 'render',
      severity: 'WARN',
      message: 'left out',
      fields: { time: 't', key: 'a/b.mp4', frames: 12 },
    });
  });

  it.each([
    ['Could not load the function', 'stderr', 'INFO'],
    ['{"almost": JSON', 'stderr', 'INFO'],
    ['{"severity":"LOUD","message":"x"}', 'stderr', 'INFO'],
    ['    at main (file.ts:1:2)', 'stderr', 'DEBUG'],
    ['Serving function...', 'stdout', 'DEBUG'],
  ] as const)('in another form is its own message: %s', (line, stream, severity) => {
    expect(lineOf('plan', line, stream)).toEqual({ function: 'plan', severity, message: line });
  });
});

describe('a line for a person', () => {
  it('names the function first and the fields last', () => {
    const text = textOf({
      function: 'plan',
      severity: 'WARN',
      message: 'slow',
      fields: { time: 't', cuts: 3, of: 'a b' },
    });
    expect(text.slice(8)).toBe(' warn plan: slow cuts=3 of=a b');
  });
});
