import pc from 'picocolors';

/** Colours for a stream: only on a terminal, and not where NO_COLOR is set. */
export function colours(stream: { isTTY?: boolean }): ReturnType<typeof pc.createColors> {
  return pc.createColors(stream.isTTY === true && !process.env.NO_COLOR);
}
