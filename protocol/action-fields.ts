import type * as v from 'valibot';

import type { Action } from './actions.ts';
import * as fields from './requests.ts';

/** The fields of each action's frame, beside `uuid` and `action`; several schemas are read in turn. */
export const ACTION_FIELDS: Readonly<Record<Action, readonly v.GenericSchema[]>> = {
  authenticate: [fields.AuthenticateFields],
  select_room: [fields.RoomFields],
  new_message: [fields.RoomFields, fields.NewMessageFields],
  edit_message: [fields.RoomFields, fields.EditMessageFields],
  delete_message: [fields.RoomFields, fields.DeleteMessageFields],
  react: [fields.RoomFields, fields.ReactFields],
  pin: [fields.RoomFields, fields.PinFields],
  history: [fields.RoomFields, fields.HistoryFields],
  sync: [fields.SyncFields],
  mark_read: [fields.RoomFields, fields.MarkReadFields],
  list_rooms: [fields.ListRoomsFields],
  create_room: [fields.CreateRoomFields],
  open_direct: [fields.PersonFields],
  join: [fields.RoomFields],
  leave: [fields.RoomFields],
  invite: [fields.RoomFields, fields.PersonFields],
  kick: [fields.RoomFields, fields.PersonFields],
  ban: [fields.RoomFields, fields.PersonFields],
  set_role: [fields.RoomFields, fields.SetRoleFields],
  rename_room: [fields.RoomFields, fields.RenameRoomFields],
  unban: [fields.RoomFields, fields.PersonFields],
  mute: [fields.RoomFields, fields.MuteFields],
  set_slow_mode: [fields.RoomFields, fields.SetSlowModeFields],
  list_members: [fields.RoomFields, fields.ListFields],
  list_public_rooms: [fields.ListFields],
  typing: [fields.RoomFields, fields.TypingFields],
  signal: [fields.RoomFields, fields.SignalFields],
};
