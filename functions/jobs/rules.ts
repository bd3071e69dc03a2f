import type { Rule } from '../../shared/rules.ts';
import { allRules, findRule, keepRule, removeRule as remove } from '../../storage/rules.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';

const none = (set: string) => new Problem(404, `The set ${set} has no rule`);

export const listRules: Handler<'listRules'> = async ({ store }) => ({
  status: 200,
  body: { rules: await allRules(store) },
});

export const showRule: Handler<'showRule'> = async ({ store, parameters: { set } }) => {
  const rule = await findRule(store, set);
  if (!rule) throw none(set);
  return { status: 200, body: rule };
};

export const setRule: Handler<'setRule'> = async ({ store, parameters: { set }, body, now }) => {
  const rule: Rule = { ...body, set, createdAt: now.toISOString() };
  await keepRule(store, rule);
  return { status: 200, body: rule };
};

export const removeRule: Handler<'removeRule'> = async ({ store, parameters: { set } }) => {
  if (!(await remove(store, set))) throw none(set);
  return { status: 204 };
};
