import { RULES, ruleKey } from '../shared/keys.ts';
import { type Rule, RuleSchema } from '../shared/rules.ts';
import { readNote } from './read-json.ts';
import type { Store } from './store.ts';

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

const read = (store: Store, key: string): Promise<Rule | null> => readNote(store, key, RuleSchema, 'a rule');
