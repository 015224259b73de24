/** What a client may ask for, in the order the error for an unknown action lists them. */
export const ACTIONS = ['authenticate', 'select_room', 'new_message'] as const;

export type Action = (typeof ACTIONS)[number];
