import { randomUUID } from 'node:crypto';
import { readConfig } from '../../shared/config.ts';
import type { ShownShare } from '../../shared/shares.ts';
import { type CommonOptions, openSession } from './session.ts';

interface ShareOptions extends CommonOptions {
  expiresIn?: number;
  revision?: number;
}

const shareInWords = ({ id, revision, expiresAt }: ShownShare): string => `${id}  r${revision}  until ${expiresAt}`;

/** Makes a link to a finished montage. It is printed now and never again: whole where it is known under which address Montage is reached. */
export async function share(id: string, { expiresIn, revision, ...options }: ShareOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  const made = await session.client.share(
    id,
    {
      ...(expiresIn === undefined ? {} : { expiresInHours: expiresIn }),
      ...(revision === undefined ? {} : { revision }),
    },
    randomUUID(),
  );
  const address = readConfig().MONTAGE_PUBLIC_URL ?? options.server;
  const link = address === undefined ? made.path : `${address.replace(/\/+$/, '')}${made.path}`;
  if (options.json) process.stdout.write(`${JSON.stringify({ ...made, link })}\n`);
  else if (options.quiet) process.stdout.write(`${link}\n`);
  else {
    const where = address === undefined ? 'The link, below the address that "serve" prints' : 'The link';
    process.stdout.write(`${shareInWords(made)}\n${where}, which is not shown again: ${link}\n`);
  }
}

export async function shares(id: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  const all = await session.client.shares(id);
  if (all.length === 0 && !options.json && !options.quiet) process.stderr.write('There are no share links of it\n');
  for (const each of all) process.stdout.write(`${options.json ? JSON.stringify(each) : shareInWords(each)}\n`);
}

export async function unshare(id: string, link: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  await session.client.unshare(id, link);
  if (!options.quiet && !options.json) process.stderr.write(`${link} leads nowhere any more\n`);
}
