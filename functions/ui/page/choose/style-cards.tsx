import { useEffect, useRef, useState } from 'preact/hooks';
import type { Style } from '../../../../shared/style.ts';
import { styles } from '../gather/library.ts';
import { words } from '../words/language.ts';
import { choices, choose } from './creating.ts';
import { orderedShown } from './ordered-shown.ts';
import { PaceGraph } from './pace-graph.tsx';
import { cardsSeen, centred, focused, pointed } from './playing-cards.ts';
import { askForPreviews, previews } from './previews.ts';
import { styleChosen } from './style-chosen.ts';
import { StylePreview } from './style-preview.tsx';
import { StyleTuning } from './style-tuning.tsx';
import './style-cards.css';

/** All styles, each with its words and how it cuts; one is chosen. */
export function StyleCards() {
  const said = words.value;
  const cards = useRef<HTMLFieldSetElement>(null);
  const areThere = styles.value.length > 0;
  useEffect(() => {
    // What was chosen on another day, or for the montage that is opened, may lie far down the list.
    const chosen = cards.current?.querySelector('input:checked')?.closest('label');
    if (!cards.current || !chosen) return;
    cards.current.scrollTop = chosen.offsetTop - cards.current.offsetTop - 4;
    cards.current.scrollLeft = chosen.offsetLeft - cards.current.offsetLeft - 16;
  }, [areThere, orderedShown.value?.style]);
  const [areMoreBeneath, setMoreBeneath] = useState(false);
  useEffect(() => (cards.current && areThere ? followSight(cards.current) : undefined), [areThere, styles.value]);
  useEffect(
    () => (cards.current && areThere ? followFoot(cards.current, setMoreBeneath) : undefined),
    [areThere, styles.value],
  );
  return (
    <section class="styles" aria-labelledby="styles-title">
      <h2 id="styles-title">{said.styles}</h2>
      <p class="quiet small styles-hint" id="styles-hint">
        {said.stylesHint} {previews.value.size > 0 && said.previewsHint}
      </p>
      {!areThere && <p class="quiet">{said.loading}</p>}
      <fieldset
        ref={cards}
        class={`style-cards${areMoreBeneath ? ' more-beneath' : ''}`}
        aria-describedby="styles-hint"
      >
        <legend class="unseen">{said.styles}</legend>
        {styles.value.map((style) => (
          <Card
            key={style.id}
            style={style}
            isChosen={choices.value.style === style.id}
            isShown={orderedShown.value?.style === style.id}
          />
        ))}
      </fieldset>
      <StyleTuning />
    </section>
  );
}

/** Keeps up with whether the cards are seen, and which is in their middle where nobody can point. Previews are asked for when they are seen. */
function followSight(cards: HTMLElement): () => void {
  const seen = new IntersectionObserver(([entry]) => {
    cardsSeen.value = entry?.isIntersecting ?? false;
    if (cardsSeen.value) void askForPreviews();
  });
  seen.observe(cards);
  const middle = new IntersectionObserver(
    (entries) => {
      const entered = entries.find(({ isIntersecting }) => isIntersecting)?.target;
      if (entered instanceof HTMLElement) centred.value = entered.dataset.style ?? null;
    },
    { root: cards, rootMargin: '-49%' },
  );
  if (matchMedia('(hover: none)').matches) for (const card of cards.querySelectorAll('label')) middle.observe(card);
  return () => {
    seen.disconnect();
    middle.disconnect();
  };
}

/** Keeps up with whether the last card is out of sight. */
function followFoot(cards: HTMLElement, onChange: (areMoreBeneath: boolean) => void): () => void {
  const last = cards.lastElementChild;
  const foot = new IntersectionObserver((entries) => onChange(!entries.at(-1)?.isIntersecting), {
    root: cards,
    threshold: 0.8,
  });
  if (last) foot.observe(last);
  return () => foot.disconnect();
}

/** `isShown`: the montage that is looked at is in it, though another one may be chosen. */
function Card({ style, isChosen, isShown }: { style: Style; isChosen: boolean; isShown: boolean }) {
  const [name, description] = nameOf(style);
  return (
    <label
      class="style-card"
      data-style={style.id}
      onPointerEnter={({ pointerType }) => {
        if (pointerType === 'mouse') pointed.value = style.id;
      }}
      onPointerLeave={() => {
        if (pointed.value === style.id) pointed.value = null;
      }}
    >
      <input
        type="radio"
        name="style"
        checked={isChosen}
        aria-labelledby={`style-${style.id}`}
        aria-describedby={`style-${style.id}-words`}
        onChange={() => choose({ style: style.id })}
        onFocus={() => {
          focused.value = style.id;
        }}
        onBlur={() => {
          if (focused.value === style.id) focused.value = null;
        }}
      />
      <StylePreview style={style.id} />
      <span class="style-name" id={`style-${style.id}`}>
        {name}
      </span>
      {isShown && !isChosen && <span class="style-shown">{words.value.isThisStyle}</span>}
      <PaceGraph style={isChosen ? (styleChosen.value.style ?? style) : style} />
      <span class="style-words" id={`style-${style.id}-words`}>
        {description}
      </span>
    </label>
  );
}

/** A style in the page's language; one that only its owner knows speaks for itself. */
export function nameOf({
  id,
  name,
  description,
}: Pick<Style, 'id' | 'name' | 'description'>): readonly [string, string] {
  return words.value.style[id] ?? [name, description];
}
