import { z } from 'zod';
import { HookEventSchema } from '../hooks.ts';
import { API, type Operation } from './operations.ts';
import { ProblemSchema } from './problem.ts';

/** The API as an OpenAPI 3.1 document, made from the table of operations and their schemas. */
export function openApi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, operation] of Object.entries<Operation>(API)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: described(id, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Montage',
      version: '1',
      description: 'Clips and a song in, a finished video cut to the music out.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    webhooks: { jobEnded: { post: hookCall() } },
    components: {
      responses: {
        Problem: {
          description: 'It could not be answered as asked, and why (RFC 9457)',
          content: { 'application/problem+json': { schema: jsonSchema(ProblemSchema, 'output') } },
        },
      },
    },
  };
}

function described(id: string, operation: Operation): Record<string, unknown> {
  const { means, parameters, query, body, idempotent, answers, rest } = operation;
  const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 255 } };
  return {
    operationId: id,
    summary: means,
    parameters: [...fields('path', parameters, rest), ...fields('query', query), ...(idempotent ? [key] : [])],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input') } } },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer)])),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** What whoever made a hook is to answer. */
function hookCall(): Record<string, unknown> {
  const header = (name: string) => ({ name, in: 'header', required: true, schema: { type: 'string' } });
  return {
    summary: 'a job is completed, failed or cancelled, or the hook is tested; signed as Standard Webhooks has it',
    parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header),
    requestBody: {
      required: true,
      content: { 'application/cloudevents+json': { schema: jsonSchema(HookEventSchema, 'output') } },
    },
    responses: { '2XX': { description: 'It is told' }, 410: { description: 'It wants no more calls' } },
  };
}

function fields(where: 'path' | 'query', schema: z.ZodObject | undefined, rest?: string): object[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path',
    schema: jsonSchema(field as z.ZodType, 'input'),
    ...(name === rest && { description: 'Takes the rest of the path, slashes too' }),
  }));
}

function response(answer: Operation['answers'][number]): object {
  if (answer === 'nothing') return { description: 'Done' };
  if (answer === 'redirect')
    return { description: 'Where it is to be had', headers: { Location: { schema: { type: 'string' } } } };
  if (answer === 'events')
    return {
      description: 'Events until the job has ended; one that breaks off goes on after its `Last-Event-ID`',
      // What each event holds can't be said before OpenAPI 3.2.
      content: { 'text/event-stream': {} },
    };
  return { description: 'As asked', content: { 'application/json': { schema: jsonSchema(answer, 'output') } } };
}

/** Without what JSON Schema can't say: such a check is made all the same. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: each }) => alike(each),
  });
  return rest;
}

/** A tuple of values that are alike, as a list of that length: few tools know `prefixItems`. */
function alike(schema: z.core.JSONSchema.BaseSchema): void {
  const { prefixItems } = schema;
  if (!prefixItems || new Set(prefixItems.map((item) => JSON.stringify(item))).size !== 1) return;
  delete schema.prefixItems;
  Object.assign(schema, { items: prefixItems[0], minItems: prefixItems.length, maxItems: prefixItems.length });
}
