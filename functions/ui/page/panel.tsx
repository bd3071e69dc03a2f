import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Notice } from './notice.tsx';
import { words } from './words/language.ts';
import './panel.css';

/** Something beside the page that one looks at and closes again. */
export function Panel({
  open,
  title,
  children,
}: {
  open: Signal<boolean>;
  title: string;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = open.value;
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);
  const close = () => {
    open.value = false;
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself.
    <dialog
      ref={dialog}
      class="panel"
      aria-label={title}
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      {isOpen && (
        <div class="panel-inside">
          <header class="lane-head">
            <h2>{title}</h2>
            <button type="button" class="plain" onClick={close}>
              {words.value.close}
            </button>
          </header>
          {children}
        </div>
      )}
      {/* Nothing outside an open dialog can be reached. */}
      {isOpen && <Notice />}
    </dialog>
  );
}
