import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import type { Member } from './rooms.ts';
import { asJudged } from './room-writes.ts';
import { banKey, memberKey, roomKey } from './rows.ts';

/** Changes of Rooms that no entry tells of, each one write. */
export interface Settings {
  removeBan(room: string, user: string): Promise<void>;
  /** Mutes until then, in milliseconds, or ends a mute; `overtaken`: the member changed meanwhile. */
  mute(room: string, member: Member, until: number | undefined): Promise<'done' | 'overtaken'>;
  setSlowMode(room: string, seconds: number): Promise<void>;
}

export function createSettings(options: {
  readonly db: DynamoDb;
  readonly table: string;
}): Settings {
  const { db, table: TableName } = options;
  return {
    async removeBan(room, user) {
      await db.call('DeleteItem', { TableName, Key: banKey(room, user) });
    },

    async mute(room, member, until) {
      const { ExpressionAttributeValues: values, ...condition } = asJudged(member);
      try {
        await db.call('UpdateItem', {
          TableName,
          Key: memberKey(room, member.user),
          UpdateExpression: until === undefined ? 'REMOVE mutedUntil' : 'SET mutedUntil = :until',
          ...condition,
          ExpressionAttributeValues: {
            ...values,
            ...(until === undefined ? {} : { ':until': { N: String(until) } }),
          },
        });
        return 'done';
      } catch (error) {
        if (isConditionFailed(error)) return 'overtaken';
        throw error;
      }
    },

    async setSlowMode(room, seconds) {
      await db.call('UpdateItem', {
        TableName,
        Key: roomKey(room),
        UpdateExpression: 'SET slowSeconds = :seconds',
        ExpressionAttributeValues: { ':seconds': { N: String(seconds) } },
      });
    },
  };
}
