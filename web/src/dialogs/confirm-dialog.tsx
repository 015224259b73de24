/** Asks before something that cannot be taken back. */
import type { JSX } from 'preact';

import type { Outcome } from '../../../client/index.ts';
import { ActionForm } from './action-form.tsx';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';

export interface ConfirmDialogProps {
  readonly title: string;
  readonly hint: string;
  /** The word on the button. */
  readonly confirm: string;
  readonly ask: () => Promise<Outcome>;
  readonly onClose: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const { title, hint, confirm, ask, onClose } = props;
  const { words } = useLanguage();
  return (
    <Dialog title={title} onClose={onClose}>
      <ActionForm
        submit={confirm}
        danger
        ask={ask}
        done={onClose}
        onCancel={{ label: words.cancel, run: onClose }}
      >
        <p>{hint}</p>
      </ActionForm>
    </Dialog>
  );
}
