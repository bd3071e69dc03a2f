import { sentenceToRead } from '../sign-in/own-names.ts';
import { sentenceSaid } from './sentence-said.ts';

/** A sentence of the server's, in the page's language where that has one for it. */
export function Told({ sentence }: { sentence: string }) {
  const { text, lang } = sentenceSaid(sentenceToRead(sentence));
  return <span lang={lang}>{text}</span>;
}
