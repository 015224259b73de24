import type { Member } from './rooms.ts';
import type { Roster } from './roster.ts';

/** Members read at once; a room's owners are mostly among its first. */
const PAGE = 100;

/**
 * What an owner leaves behind: another owner, or nobody at all, or people without one. Whoever acts on
 * the answer does so on the condition that the other owner is still one.
 */
export async function otherOwner(
  roster: Roster,
  room: string,
  user: string,
): Promise<Member | 'alone' | 'none'> {
  let after = '';
  let alone = true;
  for (;;) {
    const page = await roster.members(room, after, PAGE);
    const others = page.filter((member) => member.user !== user);
    const owner = others.find(({ role }) => role === 'owner');
    if (owner !== undefined) return owner;
    if (others.length > 0) alone = false;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return alone ? 'alone' : 'none';
    after = last.user;
  }
}
