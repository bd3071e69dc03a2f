import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { z } from 'zod';
import { sentenceOf } from '../../../../shared/refusal.ts';
import { dress } from '../theme.ts';
import { curlOf, DocumentSchema, fieldsOf, groupsOf, inWords, type Operation, type Schema } from './document.ts';
import { WithCode } from './with-code.tsx';
import './reference.css';

// The policy lets no text become script, which zod would do to check faster.
z.config({ jitless: true });

const DOCUMENT = '/v1/openapi.json';

/** The API as its own document describes it. In English, as the API is. */
function Reference() {
  const [document, setDocument] = useState<z.infer<typeof DocumentSchema> | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    fetch(DOCUMENT)
      .then(async (response) => setDocument(DocumentSchema.parse(await response.json())))
      .catch((error) => setTrouble(sentenceOf(error)));
  }, []);
  if (trouble) return <p role="alert">The API can’t be described: {trouble}</p>;
  if (!document) return <p>Loading</p>;
  const groups = [...groupsOf(document)];
  return (
    <>
      <nav aria-label="What the API is about">
        <ul>
          {groups.map(([name]) => (
            <li key={name}>
              <a href={`#${name}`}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main>
        <p>
          Everything that the page and the command line do. For programs: <a href={DOCUMENT}>OpenAPI 3.1</a>. What goes
          wrong is answered as <code>application/problem+json</code>, with a sentence in <code>detail</code>.
        </p>
        {groups.map(([name, operations]) => (
          <section key={name} id={name} aria-labelledby={`${name}-title`}>
            <h2 id={`${name}-title`}>{name}</h2>
            {operations.map((operation) => (
              <Described key={operation.operationId} operation={operation} />
            ))}
          </section>
        ))}
      </main>
    </>
  );
}

function Described({ operation }: { operation: Operation }) {
  const { method, path, summary, parameters, requestBody, responses, operationId } = operation;
  const body = requestBody?.content['application/json']?.schema;
  return (
    <details id={operationId} class="operation">
      <summary>
        <code class="method">{method}</code> <code>{path}</code>{' '}
        <span class="quiet">
          <WithCode text={summary} />
        </span>
      </summary>
      <pre>
        <code>{curlOf(operation, location.origin)}</code>
      </pre>
      {parameters.length > 0 && (
        <>
          <h3>Parameters</h3>
          <dl class="fields">
            {parameters.map(({ name, in: where, required, description, schema }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code> <span class="quiet">{required ? where : `${where}, optional`}</span>
                </dt>
                <dd>
                  <WithCode text={[inWords(schema), withDefault(schema), description].filter(Boolean).join('. ')} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {body && (
        <>
          <h3>Body</h3>
          <Fields schema={body} />
        </>
      )}
      <h3>Answers</h3>
      {Object.entries(responses).map(([status, { description, content = {} }]) => {
        const [type, found] = Object.entries(content)[0] ?? [];
        return (
          <div key={status} class="answer">
            <p>
              <code>{status}</code>{' '}
              <WithCode text={description ?? (status === 'default' ? 'A problem, in a sentence' : '')} />{' '}
              {type && <span class="quiet">{type}</span>}
            </p>
            {found?.schema && <Fields schema={found.schema} />}
          </div>
        );
      })}
    </details>
  );
}

const withDefault = (schema: Schema) =>
  schema.default === undefined ? '' : `Default: ${JSON.stringify(schema.default)}`;

/** What is in an object, each field to be looked into where there is something in it. */
function Fields({ schema }: { schema: Schema }) {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return <p class="fields">{inWords(schema)}</p>;
  return (
    <ul class="fields">
      {fields.map(({ name, schema: field, required }, i) => {
        const head = (
          <>
            <code>{name}</code> <span class="quiet">{required ? '' : 'optional, '}</span>
            <WithCode text={[inWords(field), withDefault(field), field.description].filter(Boolean).join('. ')} />
          </>
        );
        return (
          // Choices may have fields of one name.
          <li key={`${name} ${i}`}>{fieldsOf(field).length > 0 ? <Within head={head} schema={field} /> : head}</li>
        );
      })}
    </ul>
  );
}

/** Drawn when it is opened: a style or a timeline has hundreds of fields. */
function Within({ head, schema }: { head: preact.ComponentChildren; schema: Schema }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{head}</summary>
      {open && <Fields schema={schema} />}
    </details>
  );
}

dress();
const place = document.getElementById('reference');
if (place) {
  place.replaceChildren();
  render(<Reference />, place);
}
