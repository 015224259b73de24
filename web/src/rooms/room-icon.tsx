/** What kind of room it is, at a glance: the other person, or a sign. */
import type { JSX } from 'preact';

import type { RoomSummary } from '../../../client/index.ts';
import { Avatar } from '../controls/avatar.tsx';
import { Icon } from '../controls/icon.tsx';

export function RoomIcon({ room }: { readonly room: RoomSummary }): JSX.Element {
  const { kind, other } = room;
  if (kind === 'direct' && other !== undefined) {
    return <Avatar user={other} online={isOtherOnline(room)} />;
  }
  return (
    <span class="room-icon" aria-hidden="true">
      <Icon name={kind === 'public' ? 'hash' : 'lock'} />
    </span>
  );
}

/** In a direct room one is there oneself, and so is the other when two are. */
export const isOtherOnline = ({ online }: RoomSummary): boolean => online > 1;
