import { Away, Client } from '../../../shared/api/client.ts';
import { type Answered, API, type Asked, type Operation, type OperationId } from '../../../shared/api/operations.ts';
import { sentenceOf } from '../../../shared/refusal.ts';
import { sentenceToRead } from './sign-in/own-names.ts';
import { onceLetIn } from './sign-in/turned-away.ts';
import { mayAsk } from './sign-in/who.ts';
import { words } from './words/language.ts';
import { type SentenceSaid, sentenceSaid } from './words/sentence-said.ts';

/** A client for whoever is signed in: what it asks waits while nobody is. */
class PageClient extends Client {
  override call<Id extends OperationId>(
    id: Id,
    asked: Asked<Id>,
    headers: Record<string, string> = {},
  ): Promise<Answered<Id>> {
    const ask = () => super.call(id, asked, headers);
    if ((API[id] as Operation).access === 'anyone') return ask();
    return onceLetIn(() => mayAsk().then(ask));
  }

  override output<T>(id: string, file: string, take: (content: ReadableStream<Uint8Array>) => Promise<T>): Promise<T> {
    return onceLetIn(() => super.output(id, file, take));
  }
}

/** The Montage that gave this page. */
export const client = new PageClient({ url: location.origin });

/** Whether nobody answered: then it may well be answered later. */
export const isAway = (error: unknown) => error instanceof Away;

/** Why something could not be done, in one sentence. */
export const told = (error: unknown): SentenceSaid =>
  isAway(error) ? { text: words.value.away, lang: undefined } : sentenceSaid(sentenceToRead(sentenceOf(error)));

/** Its text, for where nobody asks for its language. */
export const sentence = (error: unknown): string => told(error).text;
