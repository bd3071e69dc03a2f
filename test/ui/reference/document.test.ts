import { describe, expect, it } from 'vitest';
import {
  curlOf,
  DocumentSchema,
  fieldsOf,
  groupsOf,
  inWords,
  leastOf,
} from '../../../functions/ui/page/reference/document.ts';
import { openApi } from '../../../shared/api/openapi.ts';
import { API } from '../../../shared/api/operations.ts';
import { JobRequestSchema } from '../../../shared/request.ts';

const document = DocumentSchema.parse(openApi());
const operations = [...groupsOf(document).values()].flat();
const named = (id: string) => operations.find(({ operationId }) => operationId === id);

describe('the reference of the API', () => {
  it('has every operation that there is, by what it is about', () => {
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(API).sort());
    expect(
      groupsOf(document)
        .get('jobs')
        ?.map(({ operationId }) => operationId),
    ).toContain('createJob');
  });

  it('shows a command with the least body that the API takes', () => {
    const create = named('createJob');
    const body = create?.requestBody?.content['application/json']?.schema;
    expect(JobRequestSchema.safeParse(leastOf(body ?? {})).success).toBe(true);
    expect(create && curlOf(create, 'http://montage.lan')).toBe(
      `curl -X POST -H "Idempotency-Key: $(uuidgen)" -H 'Content-Type: application/json' -d '{"footageSet":"TEXT"}' 'http://montage.lan/v1/jobs'`,
    );
    const show = named('showJob');
    expect(show && curlOf(show, '')).toBe("curl '/v1/jobs/JOB'");
  });

  it('says what a value must be', () => {
    expect(inWords({ type: 'integer', minimum: 1, maximum: 1000 })).toBe('integer, 1 to 1000');
    expect(inWords({ type: 'integer', minimum: -(2 ** 53 - 1), maximum: 2 ** 53 - 1 })).toBe('integer');
    expect(inWords({ anyOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] })).toBe(
      'string, at most 5 characters or null',
    );
    expect(inWords({ type: 'array', items: { enum: ['a', 'b'] }, maxItems: 3 })).toBe(
      'list of "a" | "b", at most 3 items',
    );
  });

  it('looks into objects, lists of them and choices', () => {
    const inner = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    const found = [{ name: 'a', schema: { type: 'string' }, required: true }];
    expect(fieldsOf(inner)).toEqual(found);
    expect(fieldsOf({ type: 'array', items: inner })).toEqual(found);
    expect(fieldsOf({ anyOf: [inner, { type: 'null' }] })).toEqual(found);
    expect(fieldsOf({ type: 'string' })).toEqual([]);
  });
});
