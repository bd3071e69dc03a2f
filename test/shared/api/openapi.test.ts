import { describe, expect, it } from 'vitest';
import { openApi } from '../../../shared/api/openapi.ts';
import { API } from '../../../shared/api/operations.ts';

const document = JSON.parse(JSON.stringify(openApi()));

describe('the OpenAPI document', () => {
  it('has every operation once, with the parameters of its path', () => {
    const ids = Object.entries<Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>(
      document.paths,
    ).flatMap(([path, item]) =>
      Object.values(item).map(({ operationId, parameters }) => {
        const named = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect(named.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
        return operationId;
      }),
    );
    expect(ids.sort()).toEqual(Object.keys(API).sort());
  });

  it('says what a request may hold, with its defaults and limits', () => {
    const { schema } = document.paths['/v1/jobs'].post.requestBody.content['application/json'];
    expect(schema.required).toEqual(['footageSet']);
    expect(schema.properties.quality).toMatchObject({ default: 'standard', enum: expect.arrayContaining(['master']) });
    expect(schema.properties.durationSeconds).toMatchObject({ minimum: 1, maximum: 3600 });
  });

  it('says of each answer what it holds, and of each refusal that it is a problem', () => {
    const { responses } = document.paths['/v1/analyses/{bucket}/{key}'].get;
    expect(Object.keys(responses)).toEqual(['200', '202', 'default']);
    expect(document.components.responses.Problem.content['application/problem+json'].schema.required).toContain(
      'detail',
    );
  });

  it('says what whoever made a hook gets', () => {
    const { post } = document.webhooks.jobEnded;
    const { schema } = post.requestBody.content['application/cloudevents+json'];
    expect(schema.required).toEqual(expect.arrayContaining(['specversion', 'id', 'source', 'type', 'data']));
    expect(post.parameters.map(({ name }: { name: string }) => name)).toContain('webhook-signature');
  });
});
