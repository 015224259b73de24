import { parseFields, RenameRoomFields } from '../protocol/requests.ts';
import { governed } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';

/** `rename_room`: a moderator gives a room another name; its id stays. */
const judge = governed('rename_room', async ({ envelope, room, member, writes }) => {
  const frame = parseFields(RenameRoomFields, envelope);
  if ('refused' in frame) return frame;
  const { name } = frame.fields;
  return {
    content: { kind: 'rename', name },
    also: [writes.rename(room, name), writes.whileMember(room, member)],
  };
});

export const handler = changeHandler('rename_room', judge);
