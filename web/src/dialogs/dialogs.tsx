/** The dialog that is open. */
import type { JSX } from 'preact';

import { BrowseDialog } from './browse-dialog.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { DirectDialog } from './direct-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { useLiveChat } from '../live-chat.ts';
import { MuteDialog } from './mute-dialog.tsx';
import { PinnedDialog } from './pinned-dialog.tsx';
import { RoomSettingsDialog } from './room-settings-dialog.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { SwitcherDialog } from './switcher-dialog.tsx';

export function Dialogs(): JSX.Element | null {
  const { dialog } = useLiveChat();
  const open = dialog.value;
  const onClose = () => {
    dialog.value = undefined;
  };
  if (open === undefined) return null;
  switch (open.name) {
    case 'browse':
      return <BrowseDialog onClose={onClose} />;
    case 'create':
      return <CreateDialog onClose={onClose} />;
    case 'direct':
      return <DirectDialog onClose={onClose} />;
    case 'settings':
      return <SettingsDialog onClose={onClose} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={onClose} />;
    case 'switcher':
      return <SwitcherDialog onClose={onClose} />;
    case 'invite':
      return <InviteDialog room={open.room} onClose={onClose} />;
    case 'room-settings':
      return <RoomSettingsDialog room={open.room} onClose={onClose} />;
    case 'pinned':
      return <PinnedDialog room={open.room} show={open.show} onClose={onClose} />;
    case 'mute':
      return <MuteDialog room={open.room} user={open.user} onClose={onClose} />;
    case 'confirm':
    default:
      return <ConfirmDialog {...open} onClose={onClose} />;
  }
}
