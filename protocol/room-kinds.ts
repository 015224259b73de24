/** Who finds a room: everybody, those who are invited, or the two people it belongs to. */
export const ROOM_KINDS = ['public', 'private', 'direct'] as const;

export type RoomKind = (typeof ROOM_KINDS)[number];
