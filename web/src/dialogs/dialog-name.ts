/** Which dialogs there are, and what each is about. */
import type { ConfirmDialogProps } from './confirm-dialog.tsx';

export type DialogName =
  | { readonly name: 'browse' | 'create' | 'direct' | 'settings' | 'shortcuts' | 'switcher' }
  | { readonly name: 'invite' | 'room-settings'; readonly room: string }
  | { readonly name: 'pinned'; readonly room: string; readonly show: (seq: number) => void }
  | { readonly name: 'mute'; readonly room: string; readonly user: string }
  | ({ readonly name: 'confirm' } & Omit<ConfirmDialogProps, 'onClose'>);
