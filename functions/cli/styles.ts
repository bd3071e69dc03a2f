import { builtInStyles } from '../../shared/styles/built-in.ts';
import { Client } from './client.ts';
import type { CommonOptions } from './session.ts';

/** Lists the styles: the built-in ones, or all of a server's. */
export async function styles(options: CommonOptions): Promise<void> {
  const all = options.server ? await new Client(options.server).styles() : builtInStyles();
  if (options.json) process.stdout.write(`${JSON.stringify(all)}\n`);
  else for (const { id, description } of all) process.stdout.write(`${id.padEnd(18)} ${description}\n`);
}
