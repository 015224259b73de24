/** Keeps a member from writing for a while. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { ActionForm } from './action-form.tsx';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';

/** Seconds that can be chosen: from 5 minutes to 30 days, the longest there is. */
const DURATIONS = [300, 3_600, 86_400, 7 * 86_400, 30 * 86_400] as const;

export interface MuteDialogProps {
  readonly room: string;
  readonly user: string;
  readonly onClose: () => void;
}

export function MuteDialog({ room, user, onClose }: MuteDialogProps): JSX.Element {
  const { words, dates } = useLanguage();
  const { chat } = useLiveChat();
  const [seconds, setSeconds] = useState<number>(DURATIONS[0]);
  return (
    <Dialog title={words.members.muteTitle(user)} onClose={onClose}>
      <ActionForm
        submit={words.members.muteConfirm}
        ask={() => chat.room(room).mute(user, seconds)}
        done={onClose}
      >
        <label class="field">
          <span>{words.members.muteFor}</span>
          <select
            value={seconds}
            onChange={(event) => setSeconds(Number(event.currentTarget.value))}
          >
            {DURATIONS.map((each) => (
              <option key={each} value={each}>
                {dates.duration(each)}
              </option>
            ))}
          </select>
        </label>
      </ActionForm>
    </Dialog>
  );
}
