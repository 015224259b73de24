/**
 * A modal dialog on the platform's own: it holds the focus, gives it back, and Escape closes it. It is open
 * as long as it is drawn.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

import { IconButton } from '../controls/icon-button.tsx';
import { useLanguage } from '../language/language-context.ts';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Where one begins: in the first field, or at the first answer to a question. */
const FIRST = 'input, select, .form-buttons button';

export function Dialog({ title, onClose, children }: DialogProps): JSX.Element {
  const { words } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // Rather than at the button that closes it, which comes first.
    element?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => {
      element?.close();
      // The platform gives the focus back on `close`, but not when the dialog goes at the same time.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-content">
        <header class="dialog-header">
          <h2 id={id}>{title}</h2>
          <IconButton label={words.close} icon="close" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
