import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';
import { schemasWhenAsked } from '../../functions/ui/page/schemas-when-asked.ts';

const MODULE = fileURLToPath(new URL('schemas.ts', import.meta.url));

/** A module of schemas as the page has it. */
async function built(code: string): Promise<{ text: string; module: Record<string, never> }> {
  const source = { name: 'source', resolveId: (id: string) => (id === MODULE ? id : null) };
  const made = (await build({
    configFile: false,
    logLevel: 'error',
    plugins: [schemasWhenAsked, { ...source, load: (id) => (id === MODULE ? code : null) }],
    build: { write: false, minify: false, lib: { entry: MODULE, formats: ['es'] } },
  })) as Rolldown.RolldownOutput[];
  const text = made[0]?.output[0].code ?? '';
  return { text, module: await import(`data:text/javascript,${encodeURIComponent(text)}`) };
}

const SCHEMAS = `
  import { z } from 'zod';
  export const made: string[] = [];
  const name = (schema: z.ZodType, as: string) => { made.push(as); return schema; };
  export const ClipSchema = z.strictObject({ key: name(z.string().min(1), 'clip') });
  export const LongClipSchema = ClipSchema.extend({ seconds: name(z.number().default(3), 'long') });
  const UnusedSchema = z.object({ unused: name(z.string(), 'unused') });
  export const isObject = (schema: unknown) => schema instanceof z.ZodObject;
  export const parsed = z.array(z.string()).parse(['now']);
  export const fresh = () => z.literal('fresh');
`;

describe('the schemas of the page', () => {
  it('are made when something is checked by them, and then once', async () => {
    const { made, ClipSchema, LongClipSchema } = (await built(SCHEMAS)).module as never as {
      made: string[];
      ClipSchema: { parse(value: unknown): unknown };
      LongClipSchema: { parse(value: unknown): unknown; shape: object };
    };
    expect(made).toEqual([]);
    expect(ClipSchema.parse({ key: 'a' })).toEqual({ key: 'a' });
    expect(made).toEqual(['clip']);
    expect(LongClipSchema.parse({ key: 'a' })).toEqual({ key: 'a', seconds: 3 });
    expect(Object.keys(LongClipSchema.shape)).toEqual(['key', 'seconds']);
    expect(made).toEqual(['clip', 'long']);
    expect(() => ClipSchema.parse({ key: '' })).toThrow('Too small');
    expect(made).toEqual(['clip', 'long']);
  });

  it('are what they are else, are left out where nothing asks for them, and what is no schema stays', async () => {
    const { text, module } = await built(SCHEMAS);
    const { isObject, LongClipSchema, parsed, fresh } = module as never as {
      isObject(value: unknown): boolean;
      LongClipSchema: unknown;
      parsed: string[];
      fresh(): { parse(value: unknown): unknown };
    };
    expect(isObject(LongClipSchema)).toBe(true);
    expect(Array.isArray(parsed)).toBe(true);
    expect(fresh().parse('fresh')).toBe('fresh');
    expect(text).not.toContain("'unused'");
    expect(text).not.toContain('"unused"');
  });
});
