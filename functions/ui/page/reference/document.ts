import { z } from 'zod';

/** A JSON Schema, as far as it is shown. */
export interface Schema {
  type?: string | string[] | undefined;
  description?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  default?: unknown;
  format?: string | undefined;
  pattern?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: boolean | Schema | undefined;
  items?: boolean | Schema | undefined;
  prefixItems?: Schema[] | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
}

const SchemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    properties: z.record(z.string(), SchemaSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), SchemaSchema]).optional(),
    items: z.union([z.boolean(), SchemaSchema]).optional(),
    prefixItems: z.array(SchemaSchema).optional(),
    anyOf: z.array(SchemaSchema).optional(),
    oneOf: z.array(SchemaSchema).optional(),
  }),
);

const ContentSchema = z.record(z.string(), z.object({ schema: SchemaSchema.optional() }));
const OperationSchema = z.object({
  operationId: z.string(),
  summary: z.string().default(''),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        description: z.string().optional(),
        schema: SchemaSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content: ContentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string().optional(), content: ContentSchema.optional() })),
});

/** An OpenAPI document, as far as it is shown. */
export const DocumentSchema = z.object({
  info: z.object({ title: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), OperationSchema)),
});

export interface Operation extends z.infer<typeof OperationSchema> {
  method: string;
  path: string;
}

/** The operations by what they are about: the first word of their paths. */
export function groupsOf({ paths }: z.infer<typeof DocumentSchema>): Map<string, Operation[]> {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );
  return Map.groupBy(all, ({ path }) => /^\/v1\/([^/.]+)/.exec(path)?.[1] ?? '');
}

/** A command that asks for an operation; what is to be filled in stands in capitals. */
export function curlOf({ method, path, requestBody, parameters }: Operation, server: string): string {
  const body = requestBody?.content['application/json']?.schema;
  const key = parameters.some(({ name }) => name === 'Idempotency-Key');
  return [
    'curl',
    ...(method === 'GET' ? [] : ['-X', method]),
    ...(key ? ['-H', '"Idempotency-Key: $(uuidgen)"'] : []),
    ...(body ? ['-H', "'Content-Type: application/json'", '-d', `'${JSON.stringify(leastOf(body))}'`] : []),
    `'${server}${path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())}'`,
  ].join(' ');
}

/** The least that a schema takes. */
export function leastOf(schema: Schema): unknown {
  const { type, properties, required = [], enum: values, anyOf, oneOf, items, minItems = 0 } = schema;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (values) return values[0];
  const [choice] = anyOf ?? oneOf ?? [];
  if (choice) return leastOf(choice);
  if (properties) return Object.fromEntries(required.map((name) => [name, leastOf(properties[name] ?? {})]));
  if (type === 'array') return typeof items === 'object' ? Array.from({ length: minItems }, () => leastOf(items)) : [];
  if (type === 'number' || type === 'integer') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  return type === 'object' ? {} : 'TEXT';
}

/** What a value must be, in a few words: `integer, 1 to 1000`. */
export function inWords(schema: Schema): string {
  const { type, format, enum: values, anyOf, oneOf, items } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = anyOf ?? oneOf;
  if (choices) return [...new Set(choices.map(inWords))].join(' or ');
  if (type === 'array' && typeof items === 'object') return `list of ${inWords(items)}${limits(schema)}`;
  const name = Array.isArray(type) ? type.join(' or ') : (type ?? 'anything');
  return `${name}${format ? ` (${format})` : ''}${limits(schema)}`;
}

/** Whole numbers without other bounds are said to lie between those that a float holds exactly. */
const isBound = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;

function limits({ minimum, maximum, minLength, maxLength, minItems, maxItems }: Schema): string {
  const said = (least: number | undefined, most: number | undefined, unit: string) => {
    if (isBound(least) && isBound(most)) return `, ${least} to ${most}${unit}`;
    if (isBound(most)) return `, at most ${most}${unit}`;
    return isBound(least) && least > 0 ? `, at least ${least}${unit}` : '';
  };
  return said(minimum, maximum, '') + said(minLength, maxLength, ' characters') + said(minItems, maxItems, ' items');
}

/** The fields in a value that can be looked into, of an object, of the items of a list, or of one of several choices. */
export function fieldsOf(schema: Schema): { name: string; schema: Schema; required: boolean }[] {
  const { properties, required = [], items, anyOf, oneOf, additionalProperties } = schema;
  if (properties)
    return Object.entries(properties).map(([name, field]) => ({
      name,
      schema: field,
      required: required.includes(name),
    }));
  if (typeof items === 'object') return fieldsOf(items);
  const choices = (anyOf ?? oneOf ?? []).flatMap(fieldsOf);
  if (choices.length > 0) return choices;
  return typeof additionalProperties === 'object' ? fieldsOf(additionalProperties) : [];
}
