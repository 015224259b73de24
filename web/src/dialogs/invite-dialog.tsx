/** Brings people into a room, one after the other. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { USERNAME_MAX_LENGTH } from '../../../protocol/names.ts';
import { ActionForm, TextField } from './action-form.tsx';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { roomTitle } from '../rooms/room-title.ts';

export interface InviteDialogProps {
  readonly room: string;
  readonly onClose: () => void;
}

export function InviteDialog({ room: id, onClose }: InviteDialogProps): JSX.Element {
  const { words } = useLanguage();
  const room = useLiveChat().chat.room(id);
  const [user, setUser] = useState('');
  const [invited, setInvited] = useState('');
  const title = words.invite.title(roomTitle(words, room.summary));
  return (
    <Dialog title={title} onClose={onClose}>
      <ActionForm
        submit={words.invite.submit}
        ask={() => room.invite(user.trim())}
        done={() => {
          setInvited(user.trim());
          setUser('');
        }}
      >
        <TextField
          label={words.room.username}
          value={user}
          onValue={setUser}
          maxLength={USERNAME_MAX_LENGTH}
        />
        <p class="done" role="status">
          {invited === '' ? '' : words.invite.done(invited)}
        </p>
      </ActionForm>
    </Dialog>
  );
}
