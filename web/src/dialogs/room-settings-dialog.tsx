/** What those who may can set about a room; and the way out of it. */
import { SLOW_MODE_MAX_SECONDS } from '../../../protocol/limits.ts';
import { ROOM_NAME_MAX_LENGTH, USERNAME_MAX_LENGTH } from '../../../protocol/names.ts';
import { isAtLeast } from '../../../protocol/roles.ts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Outcome, Room } from '../../../client/index.ts';
import { ActionForm, TextField } from './action-form.tsx';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { useRoom } from '../room/use-room.ts';

/** Seconds of slow mode that can be chosen; 0 is off. */
const PAUSES = [0, 5, 15, 60, 300, 3_600, SLOW_MODE_MAX_SECONDS] as const;

export interface RoomSettingsDialogProps {
  readonly room: string;
  readonly onClose: () => void;
}

export function RoomSettingsDialog({ room: id, onClose }: RoomSettingsDialogProps): JSX.Element {
  const { words } = useLanguage();
  const { dialog, route } = useLiveChat();
  const room = useRoom(id, 'change');
  const isModerator = isAtLeast(room.summary?.role ?? 'read-only', 'moderator');
  const leave = () => {
    dialog.value = {
      name: 'confirm',
      title: words.room.leaveTitle,
      hint: words.room.leaveHint,
      confirm: words.room.leaveConfirm,
      async ask() {
        const outcome = await room.leave();
        if (outcome.ok) route.go(undefined);
        return outcome;
      },
    };
  };
  return (
    <Dialog title={words.room.settings} onClose={onClose}>
      {isModerator ? (
        <>
          <RenameForm room={room} />
          <SlowModeForm room={room} />
          <UnbanForm room={room} />
        </>
      ) : null}
      <button type="button" class="button danger" onClick={leave}>
        {words.room.leave}
      </button>
    </Dialog>
  );
}

interface RoomFormProps {
  readonly room: Room;
}

function RenameForm({ room }: RoomFormProps): JSX.Element {
  const { words } = useLanguage();
  const [name, setName] = useState(room.summary?.name ?? '');
  return (
    <SavingForm submit={words.room.renameSubmit} ask={() => room.rename(name.trim())}>
      <TextField
        label={words.room.rename}
        value={name}
        onValue={setName}
        maxLength={ROOM_NAME_MAX_LENGTH}
      />
    </SavingForm>
  );
}

function SlowModeForm({ room }: RoomFormProps): JSX.Element {
  const { words, dates } = useLanguage();
  const [seconds, setSeconds] = useState(0);
  return (
    <SavingForm submit={words.room.slowSubmit} ask={() => room.setSlowMode(seconds)}>
      <label class="field">
        <span>{words.room.slow}</span>
        <select value={seconds} onChange={(event) => setSeconds(Number(event.currentTarget.value))}>
          {PAUSES.map((pause) => (
            <option key={pause} value={pause}>
              {pause === 0 ? words.room.slowOff : dates.duration(pause)}
            </option>
          ))}
        </select>
      </label>
    </SavingForm>
  );
}

function UnbanForm({ room }: RoomFormProps): JSX.Element {
  const { words } = useLanguage();
  const [user, setUser] = useState('');
  return (
    <SavingForm submit={words.room.unbanSubmit} ask={() => room.unban(user.trim())}>
      <TextField
        label={`${words.room.unban}: ${words.room.username}`}
        value={user}
        onValue={setUser}
        maxLength={USERNAME_MAX_LENGTH}
      />
    </SavingForm>
  );
}

interface SavingFormProps {
  readonly submit: string;
  readonly ask: () => Promise<Outcome>;
  readonly children: JSX.Element;
}

/** A form of one field, which says when it was done. */
function SavingForm({ submit, ask, children }: SavingFormProps): JSX.Element {
  const { words } = useLanguage();
  const [done, setDone] = useState(false);
  const asked = () => {
    setDone(false);
    return ask();
  };
  return (
    <ActionForm inline submit={submit} ask={asked} done={() => setDone(true)}>
      {children}
      <p class="done" role="status">
        {done ? words.room.saved : ''}
      </p>
    </ActionForm>
  );
}
