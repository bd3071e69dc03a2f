import { type ServerResponse, STATUS_CODES } from 'node:http';

/** Answers with a short JSON body. */
export function answerJson(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, { 'content-type': type, 'content-length': text.length }).end(text);
}

/** Answers that something went wrong, in one sentence, as the API does (RFC 9457). */
export function answerProblem(response: ServerResponse, status: number, detail: string): void {
  answerJson(response, status, { title: STATUS_CODES[status], status, detail }, 'application/problem+json');
}
