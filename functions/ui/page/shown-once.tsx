import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { copy } from './copy.ts';
import { words } from './words/language.ts';
import './shown-once.css';

/** Something that is told once and never again, to be copied. */
export function ShownOnce({ name, text }: { name: string; text: string }) {
  const said = words.value;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  // Whoever asked for it goes on here.
  useEffect(() => field.current?.focus(), []);
  const [copied, setCopied] = useState<boolean | null>(null);
  return (
    <div class="once">
      <label for={id}>{name}</label>
      <div class="once-field">
        <textarea
          id={id}
          ref={field}
          rows={3}
          readOnly
          spellcheck={false}
          value={text}
          aria-describedby={`${id}-said`}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <button
          type="button"
          class="plain"
          onClick={async () => {
            if (field.current) setCopied(await copy(field.current));
          }}
        >
          {said.copy}
        </button>
      </div>
      <p id={`${id}-said`} class="small" role="status">
        {copied === null ? said.shownOnce : copied ? said.copied : said.copyByHand}
      </p>
    </div>
  );
}
