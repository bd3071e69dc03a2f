import { useState } from 'preact/hooks';
import type { Style } from '../../../../shared/style.ts';
import type { StyleOverrides } from '../../../../shared/styles/overrides.ts';
import { words } from '../words/language.ts';
import { fieldName, valueName } from '../words/style-words.ts';
import { choices, choose } from './creating.ts';
import { styleChosen } from './style-chosen.ts';
import { type StyleField, type StyleGroup, styleFields, valueAt, withField } from './style-fields.ts';
import { styleName } from './style-name.ts';
import './style-tuning.css';

/** A number that spans no more than this is slid, any other is written. */
const SLID = 3;
const STEPS = 20;

/** Everything of the chosen style, to be set another way. */
export function StyleTuning() {
  const said = words.value;
  const [isOpen, setOpen] = useState(false);
  const { asItIs, trouble } = styleChosen.value;
  if (!asItIs) return null;
  const { set } = choices.value;
  return (
    <details class="more style-tuning" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{said.tune(styleName(asItIs.id))}</summary>
      {isOpen && <Fields style={asItIs} set={set} />}
      {trouble !== null && (
        <p role="alert" lang="en" class="small">
          {trouble}
        </p>
      )}
      {Object.keys(set).length > 0 && (
        <button type="button" class="plain" onClick={() => choose({ set: {} })}>
          {said.tuneBack}
        </button>
      )}
    </details>
  );
}

function Fields({ style, set }: { style: Style; set: StyleOverrides }) {
  const fields = Object.entries(styleFields()) as [StyleGroup, readonly StyleField[]][];
  return fields.map(([group, each]) => (
    <fieldset key={group}>
      <legend>{words.value.styleWords.groups[group]}</legend>
      {each.map((field) => (
        <Field key={field.path} field={field} style={style} set={set} />
      ))}
    </fieldset>
  ));
}

function Field({ field, style, set }: { field: StyleField; style: Style; set: StyleOverrides }) {
  const { path } = field;
  const value = path in set ? (set[path] ?? null) : valueAt(style, path);
  const change = (to: StyleOverrides[string]) => choose({ set: withField(set, style, path, to) });
  return (
    <label htmlFor={`style-${path}`} class={path in set ? 'style-field is-set' : 'style-field'}>
      <span>{fieldName(words.value.styleWords, path)}</span>
      <Control id={`style-${path}`} field={field} value={value} usual={valueAt(style, path)} onChange={change} />
    </label>
  );
}

interface ControlProps {
  id: string;
  field: StyleField;
  value: StyleOverrides[string];
  /** What the style itself has. */
  usual: StyleOverrides[string];
  onChange: (value: StyleOverrides[string]) => void;
}

function Control({ id, field: { takes }, value, usual, onChange }: ControlProps) {
  const said = words.value.styleWords;
  if (takes.kind === 'yes or no')
    return (
      <input
        id={id}
        type="checkbox"
        checked={value === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  if (takes.kind === 'one of') {
    const own = typeof usual === 'string' && !takes.names.includes(usual) ? [usual] : [];
    return (
      <select id={id} value={String(value)} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {[...own, ...takes.names].map((name) => (
          <option key={name} value={name}>
            {valueName(said, name)}
          </option>
        ))}
      </select>
    );
  }
  const { least, most, isWhole } = takes;
  if (isWhole || most - least > SLID)
    return (
      <input
        id={id}
        class="numbers"
        type="number"
        min={least}
        max={most}
        step={isWhole ? 1 : 'any'}
        value={value === null ? '' : Number(value)}
        placeholder={said.open}
        title={`${valueName(said, least)} – ${valueName(said, most)}`}
        // Emptied, it is as the style has it.
        onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? usual : Number(currentTarget.value))}
      />
    );
  return (
    <span class="style-slide">
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={(most - least) / STEPS}
        value={Number(value)}
        onInput={({ currentTarget }) => onChange(Number(currentTarget.value))}
      />
      <span class="numbers" aria-hidden="true">
        {valueName(said, Number(value))}
      </span>
    </span>
  );
}
