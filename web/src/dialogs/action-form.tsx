/** A form that asks the server for something, and tells in place why it was refused. */
import type { ComponentChildren, JSX } from 'preact';

import type { Outcome } from '../../../client/index.ts';
import { RefusalText } from '../refusal-text.tsx';
import { useAction } from '../use-action.ts';

export interface ActionFormProps {
  readonly submit: string;
  readonly danger?: boolean;
  /** The button stands beside the field rather than below. */
  readonly inline?: boolean;
  readonly ask: () => Promise<Outcome>;
  readonly done?: () => void;
  /** Stands before the button that submits. */
  readonly onCancel?: { readonly label: string; readonly run: () => void };
  readonly children: ComponentChildren;
}

export function ActionForm(props: ActionFormProps): JSX.Element {
  const { submit, danger = false, inline = false, ask, done, onCancel, children } = props;
  const action = useAction();
  const send = async () => {
    if (await action.run(ask)) done?.();
  };
  return (
    <form
      class={inline ? 'form inline' : 'form'}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {children}
      <RefusalText refusal={action.refusal} />
      <div class="form-buttons">
        {onCancel === undefined ? null : (
          <button type="button" class="button" onClick={onCancel.run}>
            {onCancel.label}
          </button>
        )}
        <button class={danger ? 'button danger' : 'button primary'} disabled={action.busy}>
          {submit}
        </button>
      </div>
    </form>
  );
}

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string;
  readonly maxLength?: number;
}

/** A line of text with its label. */
export function TextField({ label, value, onValue, hint, maxLength }: TextFieldProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        value={value}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        dir="auto"
        required
        {...(maxLength === undefined ? {} : { maxLength })}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint === undefined ? null : <small>{hint}</small>}
    </label>
  );
}
