/** Opens the room of two people, by the other's name. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { USERNAME_MAX_LENGTH } from '../../../protocol/names.ts';
import { ActionForm, TextField } from './action-form.tsx';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';

export function DirectDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { words } = useLanguage();
  const { chat, route } = useLiveChat();
  const [user, setUser] = useState('');
  const open = async () => {
    const outcome = await chat.openDirect(user.trim());
    if (outcome.ok) route.go(outcome.room);
    return outcome;
  };
  return (
    <Dialog title={words.direct.title} onClose={onClose}>
      <ActionForm submit={words.direct.submit} ask={open} done={onClose}>
        <TextField
          label={words.room.username}
          value={user}
          onValue={setUser}
          hint={words.direct.hint}
          maxLength={USERNAME_MAX_LENGTH}
        />
      </ActionForm>
    </Dialog>
  );
}
