import { computed } from '@preact/signals';
import { sentenceOf } from '../../../../shared/refusal.ts';
import type { Style } from '../../../../shared/style.ts';
import { withOverrides } from '../../../../shared/styles/overrides.ts';
import { styles } from '../gather/library.ts';
import { choices } from './creating.ts';

interface StyleChosen {
  /** As the server has it; null until that has said. */
  readonly asItIs: Style | null;
  /** With what is set another way; as it is where that can't be. */
  readonly style: Style | null;
  /** Why it can't be set so. */
  readonly trouble: string | null;
}

/** The style of the next montage. */
export const styleChosen = computed<StyleChosen>(() => {
  const { style: id, set } = choices.value;
  const asItIs = styles.value.find((style) => style.id === id) ?? null;
  try {
    const isSet = Object.keys(set).length > 0;
    return { asItIs, style: asItIs && isSet ? withOverrides(asItIs, set) : asItIs, trouble: null };
  } catch (error) {
    return { asItIs, style: asItIs, trouble: sentenceOf(error) };
  }
});
