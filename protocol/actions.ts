/** What a client may ask for, in the order the error for an unknown action lists them. */
export const ACTIONS = [
  'authenticate',
  'select_room',
  'new_message',
  'edit_message',
  'delete_message',
  'react',
  'pin',
  'history',
  'sync',
  'mark_read',
  'list_rooms',
  'create_room',
  'open_direct',
  'join',
  'leave',
  'invite',
  'kick',
  'ban',
  'set_role',
  'rename_room',
  'unban',
  'mute',
  'set_slow_mode',
  'list_members',
  'list_public_rooms',
  'typing',
  'signal',
] as const;

export type Action = (typeof ACTIONS)[number];

/** Actions that become entries of a room's log. */
export const DURABLE_ACTIONS = [
  'new_message',
  'edit_message',
  'delete_message',
  'react',
  'pin',
  'create_room',
  'open_direct',
  'join',
  'leave',
  'invite',
  'kick',
  'ban',
  'set_role',
  'rename_room',
] as const satisfies readonly Action[];

export type DurableAction = (typeof DURABLE_ACTIONS)[number];
