/** What a room is called: its name, or in a direct room the other person's. */
import type { RoomSummary } from '../../../client/index.ts';
import type { Words } from '../language/words.ts';

export function roomTitle(words: Words, summary: RoomSummary | undefined, me?: string): string {
  if (summary === undefined) return '';
  const { kind, name, other } = summary;
  if (kind !== 'direct' || other === undefined) return name;
  return other === me ? words.rooms.notes : other;
}
