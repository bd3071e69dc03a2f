import { ownerOfName, ownName, ownSets } from '../../shared/owner.ts';
import type { Rule } from '../../shared/rules.ts';
import { type MontageOptions, orderOf } from './run.ts';
import { type CommonOptions, openSession, type Session } from './session.ts';

export interface RuleOptions extends MontageOptions {
  quiet?: boolean;
  quietMinutes?: number;
  music?: string;
}

const inWords = ({ set, quietMinutes, order }: Rule): string =>
  `${ownName(set)}  after ${quietMinutes} quiet minutes  ${order.style}${order.music ? `  ${order.music}` : ''}`;

/** A set as its owner calls it, or as the server does. */
const setOf = async (session: Session, set: string): Promise<string> =>
  ownerOfName(set) === null ? `${ownSets(await session.owner())}${set}` : set;

const print = (rule: Rule, { json }: CommonOptions): void => {
  process.stdout.write(`${json ? JSON.stringify(rule) : inWords(rule)}\n`);
};

/** Has a montage made of a set whenever something was added to it and then nothing for a while. */
export async function setRule(set: string, style: string, options: RuleOptions): Promise<void> {
  const { quietMinutes, music } = options;
  const order = { ...orderOf(style, options), ...(music ? { music } : {}) };
  await using session = await openSession(options, { works: false });
  const named = await setOf(session, set);
  print(await session.client.setRule(named, { ...(quietMinutes ? { quietMinutes } : {}), order }), options);
}

export async function listRules(options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  const rules = await session.client.rules();
  if (rules.length === 0 && !options.json && !options.quiet) process.stderr.write('There are no rules yet\n');
  for (const rule of rules) print(rule, options);
}

export async function removeRule(set: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  await session.client.removeRule(await setOf(session, set));
  if (!options.quiet && !options.json) process.stderr.write(`Nothing is made of ${set} by itself any more\n`);
}
