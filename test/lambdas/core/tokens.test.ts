import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { claimedUser, createTokens, hashToken, mintToken } from '../../../lambdas/core/tokens.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const base64url = (text: string | Buffer) => Buffer.from(text).toString('base64url');
const secretOf = (token: string) => token.split('.')[1] ?? '';

describe('a token', () => {
  test('names its user and carries 192 random bits', () => {
    const token = mintToken('ann');
    expect(claimedUser(token)).toBe('ann');
    expect(Buffer.from(secretOf(token), 'base64url')).toHaveLength(24);
  });

  test('is never minted twice', () => {
    const secrets = Array.from({ length: 1_000 }, () => secretOf(mintToken('ann')));
    expect(new Set(secrets).size).toBe(1_000);
  });

  test('can be sent in a URL as it is, whatever its user is called', () => {
    expect(mintToken('Παύλος 😀')).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  test('is stored as the SHA-256 of the whole of it', () => {
    expect(hashToken('YQ.b')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashToken('YQ.b')).not.toBe(hashToken('YQ.c'));
    expect(hashToken('YQ.b')).not.toBe(hashToken('Yg.b'));
  });

  test.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['no dot', base64url('ann')],
    ['no user', '.secret'],
    ['no secret', `${base64url('ann')}.`],
    ['two dots', `${base64url('ann')}.se.cret`],
    ['a padded user', 'YQ==.secret'],
    ['a user in plain base64', `${Buffer.from('??>').toString('base64')}.secret`],
    ['a user with blanks', ' YQ.secret'],
    ['a user with a stray bit', 'YR.secret'],
    ['a user that is no text', `${base64url(Buffer.from([0xff, 0xfe]))}.secret`],
    ['a user of half a character', `${base64url(Buffer.from([0xed, 0xa0, 0x80]))}.secret`],
    ['letters that base64 has not', 'ünn.secret'],
    ['one letter', 'Y.secret'],
    ['a null', '\0.secret'],
    ['half an emoji', '\ud83d.secret'],
  ])('is none of ours with %s', (_what, token) => {
    expect(claimedUser(token)).toBeUndefined();
  });

  test('claims, whatever it is, either nobody or the one user of its one spelling', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        const user = claimedUser(`${first}.${second}`);
        return user === undefined || (user !== '' && base64url(user) === first);
      }),
    );
  });
});

describe('verifying', () => {
  const verify = (token: string, rows: readonly object[]) => {
    const db = scriptedDynamoDb({ GetItem: rows });
    const tokens = createTokens({ db, table: 'Users', now: () => 1_000_000 });
    return { db, verified: tokens.verify(token) };
  };

  test('answers the user and the time in milliseconds, reading the hash and not the token', async () => {
    const token = mintToken('ann');
    const { db, verified } = verify(token, [{ Item: { expires: { N: '1001' } } }]);
    expect(await verified).toEqual({ user: 'ann', until: 1_001_000 });
    expect(db.calls).toEqual([
      {
        operation: 'GetItem',
        input: {
          TableName: 'Users',
          Key: { user: { S: 'ann' }, entry: { S: `token#${hashToken(token)}` } },
          ConsistentRead: true,
        },
      },
    ]);
    expect(JSON.stringify(db.calls)).not.toContain(token);
  });

  test.each([
    ['is not stored', {}],
    ['has expired, though its row is still there', { Item: { expires: { N: '1000' } } }],
    ['has no expiry', { Item: {} }],
  ])('answers nobody for a token that %s', async (_what, row) => {
    expect(await verify(mintToken('ann'), [row]).verified).toBeUndefined();
  });

  test('asks DynamoDB nothing for what cannot be a token', async () => {
    const { db, verified } = verify('hello', []);
    expect(await verified).toBeUndefined();
    expect(db.calls).toEqual([]);
  });
});
