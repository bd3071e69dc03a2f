import { afterEach, describe, expect, it, vi } from 'vitest';
import { colours } from '../../../functions/cli/colours.ts';

afterEach(() => vi.unstubAllEnvs());

describe('colours', () => {
  it('are for terminals', () => {
    vi.stubEnv('NO_COLOR', '');
    expect(colours({ isTTY: true }).red('No')).toBe('\u001b[31mNo\u001b[39m');
    expect(colours({}).red('No')).toBe('No');
  });

  it('are left out where a person wants none', () => {
    vi.stubEnv('NO_COLOR', '1');
    expect(colours({ isTTY: true }).red('No')).toBe('No');
  });
});
