import type { ReceiptsFrame } from '../../protocol/pushed.ts';
import type { Item } from './aws/dynamodb.ts';
import type { Deliver } from './deliver.ts';
import { splitFrame } from './frames.ts';
import type { Online } from './online.ts';
import type { Recipient } from './recipients.ts';
import { toMember } from './rooms.ts';
import type { Roster } from './roster.ts';
import { MEMBER_ENTRIES } from '../environment.ts';
import { optionalText } from './rows.ts';
import type { Viewers } from './viewers.ts';

/**
 * Receipts: who has read up to where. Marks are attributes of members' rows, and the table's stream
 * tells of them: what a room's members read within one batching window is one frame for each viewer.
 * When a message comes into a room where a hundred people look, a hundred marks move, and each of the
 * hundred gets a frame or two, not a hundred. In a public room a mark is nobody's business but its
 * owner's, who gets it on all devices in any case.
 */
export interface Receipts {
  /** Answers how many posts there were. */
  (records: readonly MemberRecord[], deadline: number): Promise<number>;
}

/** A record of the Rooms table's stream. */
export interface MemberRecord {
  readonly dynamodb?: {
    readonly Keys?: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
  };
}

interface Mark {
  readonly user: string;
  readonly seq: number;
  readonly n: number;
}

/** The newest mark of everybody whose mark moved, by room. */
export function marksOf(records: readonly MemberRecord[]): ReadonlyMap<string, readonly Mark[]> {
  const rooms = new Map<string, Map<string, Mark>>();
  for (const { dynamodb: { Keys = {}, NewImage = {}, OldImage = {} } = {} } of records) {
    const room = optionalText(Keys, 'room');
    const user = optionalText(Keys, 'entry')?.slice(MEMBER_ENTRIES.length);
    if (room === undefined || user === undefined) continue;
    const { read } = toMember(user, NewImage);
    if (read === undefined || read.seq === toMember(user, OldImage).read?.seq) continue;
    const marks = rooms.get(room) ?? new Map<string, Mark>();
    rooms.set(room, marks.set(user, { user, ...read }));
  }
  return new Map([...rooms].map(([room, marks]) => [room, [...marks.values()]]));
}

export function createReceipts(options: {
  readonly roster: Roster;
  readonly viewers: Viewers;
  readonly online: Online;
  readonly deliver: Deliver;
}): Receipts {
  const { roster, viewers, online, deliver } = options;
  const wanted = ({ features }: Recipient) => features.includes('receipts');

  const post = async (
    room: string,
    recipients: readonly Recipient[],
    marks: readonly Mark[],
    deadline: number,
  ) => {
    if (recipients.length === 0) return 0;
    const frames = splitFrame(marks, (read): ReceiptsFrame => ({
      uuid: null,
      action: 'receipts',
      status: 'success',
      room,
      read,
    }));
    return (await deliver(recipients, frames, deadline)).posted;
  };

  const tell = async (room: string, marks: readonly Mark[], deadline: number) => {
    const found = await roster.room(room);
    const looking = found?.kind === 'public' ? [] : (await viewers.of(room)).filter(wanted);
    const told = new Set(looking.map(({ connection }) => connection));
    const posts = await Promise.all([
      post(room, looking, marks, deadline),
      ...marks.map(async (mark) => {
        const devices = (await online.devicesOf(mark.user)).filter(wanted);
        const others = devices.filter(({ connection }) => !told.has(connection));
        return post(room, others, [mark], deadline);
      }),
    ]);
    return posts.reduce((sum, one) => sum + one, 0);
  };

  return async (records, deadline) => {
    const rooms = [...marksOf(records)];
    const posts = await Promise.all(rooms.map(([room, marks]) => tell(room, marks, deadline)));
    return posts.reduce((sum, one) => sum + one, 0);
  };
}
