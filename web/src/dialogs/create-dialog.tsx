/** Makes a room, and opens it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { ROOM_NAME_MAX_LENGTH } from '../../../protocol/names.ts';
import { ActionForm, TextField } from './action-form.tsx';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';

const KINDS = ['private', 'public'] as const;

export function CreateDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { words } = useLanguage();
  const { chat, route } = useLiveChat();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<(typeof KINDS)[number]>('private');
  const create = async () => {
    const outcome = await chat.createRoom({ name: name.trim(), kind });
    if (outcome.ok) route.go(outcome.room);
    return outcome;
  };
  return (
    <Dialog title={words.create.title} onClose={onClose}>
      <ActionForm submit={words.create.submit} ask={create} done={onClose}>
        <TextField
          label={words.create.name}
          value={name}
          onValue={setName}
          maxLength={ROOM_NAME_MAX_LENGTH}
        />
        <fieldset class="field">
          <legend>{words.create.kind}</legend>
          {KINDS.map((each) => (
            <label key={each} class="choice">
              <input
                type="radio"
                name="kind"
                checked={kind === each}
                onChange={() => setKind(each)}
              />
              {words.create[each]}
            </label>
          ))}
        </fieldset>
      </ActionForm>
    </Dialog>
  );
}
