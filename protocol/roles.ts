/** What a member may be in a room, from the most rights to the fewest. */
export const ROLES = ['owner', 'moderator', 'member', 'read-only'] as const;

export type Role = (typeof ROLES)[number];

/** Whether a role is at least as high as another. */
export const isAtLeast = (role: Role, other: Role): boolean =>
  ROLES.indexOf(role) <= ROLES.indexOf(other);
