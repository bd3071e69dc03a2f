import { fileURLToPath } from 'node:url';
import { type ESTree, type Plugin, Visitor } from 'vite';

const WHEN_ASKED = fileURLToPath(new URL('when-asked.ts', import.meta.url));
/** How schemas of other modules are called. */
const SCHEMA = /Schema$/;
/** What is done at once, rather than making a schema. */
const AT_ONCE = /^(?:config|toJSONSchema|(?:safe)?[pP]arse(?:Async)?)$/;

/**
 * Has each schema of a module made when something is first checked by it: the page knows those of the whole API, and making them all
 * would be a third of its start.
 */
export const schemasWhenAsked: Plugin = {
  name: 'schemas-when-asked',
  enforce: 'post',
  transform: {
    filter: { id: /\.ts$/, code: /from ['"]zod['"]/ },
    handler(code) {
      const schemas = schemasIn(this.parse(code));
      if (schemas.length === 0) return null;
      let rest = 0;
      let made = `import { whenAsked } from ${JSON.stringify(WHEN_ASKED)};\n`;
      for (const { start, end } of schemas) {
        // One that nothing asks for is left out.
        made += `${code.slice(rest, start)}/* @__PURE__ */ whenAsked(() => ${code.slice(start, end)})`;
        rest = end;
      }
      return { code: made + code.slice(rest), map: null };
    },
  },
};

/** Where schemas are made as soon as the module is loaded; of those within others, the outermost. */
function schemasIn(program: ESTree.Program): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  /** Names of what makes schemas: `z`, and schemas themselves. */
  const makers = new Set<string>();
  let functions = 0;
  const enter = () => {
    functions += 1;
  };
  const leave = () => {
    functions -= 1;
  };
  new Visitor({
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    ImportSpecifier({ local }) {
      if (local.name === 'z' || SCHEMA.test(local.name)) makers.add(local.name);
    },
    VariableDeclarator({ id, init }) {
      if (functions === 0 && id.type === 'Identifier' && init && makesSchema(init, makers)) makers.add(id.name);
    },
    CallExpression(call) {
      const isWithin = call.start < (found.at(-1)?.end ?? 0);
      if (functions === 0 && !isWithin && makesSchema(call, makers)) found.push({ start: call.start, end: call.end });
    },
  }).visit(program);
  return found;
}

/** `z.string().min(1)`, `OrderSchema.extend({})` and the like. */
function makesSchema(code: ESTree.Expression, makers: ReadonlySet<string>): boolean {
  if (code.type !== 'CallExpression' || code.callee.type !== 'MemberExpression' || code.callee.computed) return false;
  const { object, property } = code.callee;
  if (AT_ONCE.test(property.name)) return false;
  if (object.type === 'Identifier') return makers.has(object.name);
  // `z.iso.date()`
  if (object.type === 'MemberExpression') return object.object.type === 'Identifier' && object.object.name === 'z';
  return makesSchema(object, makers);
}
