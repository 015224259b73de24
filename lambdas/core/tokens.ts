import { randomBytes } from 'node:crypto';

import type { DynamoDb } from './aws/dynamodb.ts';
import { sha256Hex } from './aws/signature.ts';
import { number, tokenKey } from './rows.ts';

/**
 * Tokens: opaque and random. The first part finds the user's row, the second is 192 random bits; only
 * the SHA-256 of the whole is stored, so that a copy of the table opens no door. A token is revoked by
 * deleting its row.
 */
const SECRET_BYTES = 24;

/** A new token for a user; shown once, stored nowhere. */
export const mintToken = (user: string): string =>
  `${Buffer.from(user).toString('base64url')}.${randomBytes(SECRET_BYTES).toString('base64url')}`;

/** What is stored of a token. */
export const hashToken = (token: string): string => sha256Hex(token);

/** Whom a token claims to be for; undefined when it cannot be a token of ours. */
export function claimedUser(token: string): string | undefined {
  const [encoded, secret, ...rest] = token.split('.');
  if (!encoded || !secret || rest.length > 0) return undefined;
  const user = Buffer.from(encoded, 'base64url').toString();
  // Decoding forgives what encoding never writes; only the one spelling is taken.
  return Buffer.from(user).toString('base64url') === encoded ? user : undefined;
}

export interface Tokens {
  /** Whose token this is and until when (milliseconds); undefined when it is nobody's, or expired. */
  verify(token: string): Promise<{ readonly user: string; readonly until: number } | undefined>;
}

export function createTokens(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now?: () => number;
}): Tokens {
  const { db, table, now = Date.now } = options;
  return {
    async verify(token) {
      const user = claimedUser(token);
      if (user === undefined) return undefined;
      const { Item } = await db.call('GetItem', {
        TableName: table,
        Key: tokenKey(user, hashToken(token)),
        ConsistentRead: true,
      });
      // `expires` is also the row's TTL, but DynamoDB may take days to act on that.
      const until = Item === undefined ? 0 : (number(Item, 'expires') ?? 0) * 1_000;
      return until > now() ? { user, until } : undefined;
    },
  };
}
