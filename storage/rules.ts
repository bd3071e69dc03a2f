import { ZodError } from 'zod';
import { RULES, ruleKey } from '../shared/keys.ts';
import { log } from '../shared/log.ts';
import { sentenceOf } from '../shared/refusal.ts';
import { type Rule, RuleSchema } from '../shared/rules.ts';
import { readJson } from './read-json.ts';
import { NoSuchObject, type Store } from './store.ts';

/** Writes a set's rule down, in the place of the one that it had. */
export async function keepRule(store: Store, rule: Rule): Promise<void> {
  const key = ruleKey(rule.set);
  while (!(await store.putOnce('jobs', key, JSON.stringify(rule)))) await store.delete('jobs', key);
}

/** Null where the set has none. */
export async function findRule(store: Store, set: string): Promise<Rule | null> {
  return read(store, ruleKey(set));
}

/** All rules, in order of set. One that can't be read hides no other. */
export async function allRules(store: Store): Promise<Rule[]> {
  const keys = (await Array.fromAsync(store.list('jobs', RULES))).map(({ key }) => key);
  return (await Promise.all(keys.map((key) => read(store, key)))).filter((rule) => rule !== null);
}

/** False where there was none. */
export async function removeRule(store: Store, set: string): Promise<boolean> {
  const found = (await store.stat('jobs', ruleKey(set))) !== null;
  await store.delete('jobs', ruleKey(set));
  return found;
}

async function read(store: Store, key: string): Promise<Rule | null> {
  try {
    return RuleSchema.parse(await readJson(store, 'jobs', key));
  } catch (error) {
    if (error instanceof NoSuchObject) return null;
    if (!(error instanceof ZodError || error instanceof SyntaxError)) throw error;
    log.warn('a rule can not be read', { key, reason: sentenceOf(error) });
    return null;
  }
}
