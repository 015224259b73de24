import type { RoomKind } from '../../protocol/room-kinds.ts';
import type { Role } from '../../protocol/roles.ts';
import type { AttributeValue, Item } from './aws/dynamodb.ts';
import type { Member } from './rooms.ts';
import { banKey, memberKey, muteKey, roomKey } from './rows.ts';

/**
 * The elements of transactions on Rooms. Each holds only while the rows are as they were judged: a
 * moderator who was demoted a moment ago kicks nobody, and of two last owners only one can leave.
 */
export interface RoomWrites {
  newRoom(room: string, about: NewRoom): object;
  rename(room: string, name: string): object;
  unlist(room: string): object;
  /** With the mute that was left behind, which goes from there. */
  addMember(room: string, user: string, role: Role, mutedUntil?: number): readonly object[];
  /** The member's row goes; a mute stays behind. */
  removeMember(room: string, member: Member): readonly object[];
  setRole(room: string, member: Member, role: Role): object;
  /** Only while somebody is a member with this role. */
  whileMember(room: string, member: Member): object;
  whileNoMember(room: string, user: string): object;
  addBan(room: string, user: string, by: string): object;
  whileNotBanned(room: string, user: string): object;
}

export interface NewRoom {
  readonly name: string;
  readonly kind: RoomKind;
  /** The people of a direct room. */
  readonly pair?: readonly string[];
}

/** The partition of the index of public rooms. */
export const LISTED: AttributeValue = { S: 'public' };

const ABSENT = { ConditionExpression: 'attribute_not_exists(entry)' };

const roomAttributes = ({ name, kind, pair }: NewRoom): Item => ({
  name: { S: name },
  kind: { S: kind },
  ...(kind === 'public' ? { listed: LISTED } : {}),
  ...(pair === undefined ? {} : { pair: { SS: pair } }),
});

const nameOf = (name: string) => ({
  ExpressionAttributeNames: { '#name': 'name' },
  ExpressionAttributeValues: { ':name': { S: name } },
});

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues: Item;
}

/** Rows written by hand may lack a role, which means a plain member. */
export const asJudged = ({ role }: Pick<Member, 'role'>): Condition => ({
  ConditionExpression:
    role === 'member'
      ? 'attribute_exists(entry) AND (attribute_not_exists(#role) OR #role = :role)'
      : '#role = :role',
  ExpressionAttributeNames: { '#role': 'role' },
  ExpressionAttributeValues: { ':role': { S: role } },
});

export function createRoomWrites(options: {
  readonly table: string;
  readonly now?: () => number;
}): RoomWrites {
  const { table: TableName, now = Date.now } = options;
  const time = () => ({ N: String(now()) });
  const whileAbsent = (Key: Item) => ({ ConditionCheck: { TableName, Key, ...ABSENT } });

  return {
    newRoom: (room, about) => ({
      Put: {
        TableName,
        Item: { ...roomKey(room), ...roomAttributes(about), createdAt: time() },
        ...ABSENT,
      },
    }),

    rename: (room, name) => ({
      Update: {
        TableName,
        Key: roomKey(room),
        UpdateExpression: 'SET #name = :name',
        ConditionExpression: 'attribute_exists(entry)',
        ...nameOf(name),
      },
    }),

    unlist: (room) => ({
      Update: { TableName, Key: roomKey(room), UpdateExpression: 'REMOVE listed' },
    }),

    addMember(room, user, role, mutedUntil) {
      const who = { user: { S: user }, role: { S: role }, createdAt: time() };
      const Item = { ...memberKey(room, user), ...who };
      if (mutedUntil === undefined) return [{ Put: { TableName, Item, ...ABSENT } }];
      const muted = { ...Item, mutedUntil: { N: String(mutedUntil) } };
      const muteLeft = { Delete: { TableName, Key: muteKey(room, user) } };
      return [{ Put: { TableName, Item: muted, ...ABSENT } }, muteLeft];
    },

    removeMember(room, member) {
      const { user, mutedUntil = 0 } = member;
      const removal = { Delete: { TableName, Key: memberKey(room, user), ...asJudged(member) } };
      if (mutedUntil <= now()) return [removal];
      const Item = { ...muteKey(room, user), mutedUntil: { N: String(mutedUntil) } };
      return [removal, { Put: { TableName, Item } }];
    },

    setRole(room, member, role) {
      const { ExpressionAttributeValues: values, ...condition } = asJudged(member);
      return {
        Update: {
          TableName,
          Key: memberKey(room, member.user),
          UpdateExpression: 'SET #role = :new',
          ...condition,
          ExpressionAttributeValues: { ...values, ':new': { S: role } },
        },
      };
    },

    whileMember: (room, member) => ({
      ConditionCheck: { TableName, Key: memberKey(room, member.user), ...asJudged(member) },
    }),

    whileNoMember: (room, user) => whileAbsent(memberKey(room, user)),

    addBan: (room, user, by) => ({
      Put: { TableName, Item: { ...banKey(room, user), by: { S: by }, createdAt: time() } },
    }),

    whileNotBanned: (room, user) => whileAbsent(banKey(room, user)),
  };
}
