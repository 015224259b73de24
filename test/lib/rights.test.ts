import { describe, expect, test } from 'vitest';

import { ENTRIES } from '../../lib/chat.ts';
import { DURABLE_ACTIONS } from '../../protocol/actions.ts';
import { chatTemplate, functionOf, readable, shortName } from './chat-template.ts';

/** What every function may do, to the last right. One too many is as wrong here as one too few. */
const chat = chatTemplate();

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const POST =
  'arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:Api/prod/POST/@connections/*';

const PROBE = POST.replace('/POST/', '/GET/');

const several = <Value>(value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [value as Value];

const policies = [...chat.ofType('AWS::IAM::Policy').values()].map(({ Properties }) => {
  const { Roles, PolicyDocument } = Properties as {
    Roles: readonly unknown[];
    PolicyDocument: { Statement: readonly Statement[] };
  };
  return { roles: Roles.map(readable), statements: PolicyDocument.Statement };
});

/** Resource to actions, of the one policy that a function has. */
function rightsOf(name: string): Readonly<Record<string, readonly string[]>> {
  const [policy, ...more] = policies.filter(({ roles }) => roles.includes(name));
  if (policy === undefined || more.length > 0) throw new Error(`Not one policy of ${name}`);
  const rights: Record<string, string[]> = {};
  for (const { Action, Resource } of policy.statements) {
    for (const resource of several(Resource)) {
      (rights[readable(resource)] ??= []).push(...several(Action));
    }
  }
  for (const actions of Object.values(rights)) actions.sort();
  return rights;
}

const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];

const STREAM = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];

/** Of a function that reads the log for a member: its turn, the member, the log. */
const READER = {
  Connections: ['dynamodb:UpdateItem'],
  Rooms: ['dynamodb:GetItem'],
  Messages: ['dynamodb:Query'],
};

/** Of one that accepts an entry, too: one put, and the right to say what came of it. */
const WRITER = {
  ...READER,
  Inbox: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  [POST]: ['execute-api:ManageConnections'],
};

describe('the rights', () => {
  test.each([
    ['Connect', { ConnectLog: LOG, Connections: ['dynamodb:PutItem'] }],
    [
      'Disconnect',
      {
        DisconnectLog: LOG,
        Connections: ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:DeleteItem'],
        'Rooms/index/byUser': ['dynamodb:Query'],
      },
    ],
    ['Unrouted', { UnroutedLog: LOG }],
    [
      'Authenticate',
      {
        AuthenticateLog: LOG,
        Users: ['dynamodb:GetItem'],
        Connections: [
          'dynamodb:BatchGetItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:DeleteItem',
          'dynamodb:UpdateItem',
        ],
        Rooms: ['dynamodb:BatchGetItem'],
        'Rooms/index/byUser': ['dynamodb:Query'],
      },
    ],
    [
      'SelectRoom',
      {
        ...READER,
        SelectRoomLog: LOG,
        Connections: [
          'dynamodb:BatchGetItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:DeleteItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
        ],
      },
    ],
    [
      'Typing',
      {
        TypingLog: LOG,
        Connections: ['dynamodb:Query', 'dynamodb:UpdateItem'],
        Rooms: ['dynamodb:GetItem'],
        [POST]: ['execute-api:ManageConnections'],
      },
    ],
    [
      'Signal',
      {
        SignalLog: LOG,
        Connections: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        Rooms: ['dynamodb:GetItem'],
        [POST]: ['execute-api:ManageConnections'],
      },
    ],
    ['History', { ...READER, HistoryLog: LOG }],
    ['Sync', { ...READER, SyncLog: LOG }],
    [
      'NewMessage',
      {
        ...WRITER,
        NewMessageLog: LOG,
        // Slow mode: the member's turn is part of the transaction that accepts.
        Rooms: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      },
    ],
    ['EditMessage', { ...WRITER, EditMessageLog: LOG }],
    ['DeleteMessage', { ...WRITER, DeleteMessageLog: LOG }],
    ['React', { ...WRITER, ReactLog: LOG }],
    ['Pin', { ...WRITER, PinLog: LOG }],
    [
      'Broadcast',
      {
        BroadcastLog: LOG,
        Messages: ['dynamodb:PutItem', 'dynamodb:Query'],
        Connections: [
          'dynamodb:BatchGetItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:DeleteItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        Rooms: ['dynamodb:GetItem'],
        'Rooms/index/byUser': ['dynamodb:Query'],
        FanOut: ['lambda:InvokeFunction'],
        [POST]: ['execute-api:ManageConnections'],
        DeadLetters: ['sqs:SendMessage'],
        'Inbox.StreamArn': STREAM,
        '*': ['dynamodb:ListStreams'],
      },
    ],
    [
      'FanOut',
      {
        FanOutLog: LOG,
        Messages: ['dynamodb:Query'],
        Connections: ['dynamodb:Query', 'dynamodb:UpdateItem'],
        Deliver: ['lambda:InvokeFunction'],
      },
    ],
    [
      'Deliver',
      {
        DeliverLog: LOG,
        Connections: ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:DeleteItem'],
        'Rooms/index/byUser': ['dynamodb:Query'],
        [POST]: ['execute-api:ManageConnections'],
      },
    ],
    [
      'Erase',
      {
        EraseLog: LOG,
        Messages: ['dynamodb:Query'],
        Inbox: ['dynamodb:UpdateItem'],
        'Messages.StreamArn': STREAM,
        '*': ['dynamodb:ListStreams'],
      },
    ],
    [
      'Presence',
      {
        PresenceLog: LOG,
        Connections: [
          'dynamodb:BatchGetItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:DeleteItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        'Rooms/index/byUser': ['dynamodb:Query'],
        [POST]: ['execute-api:ManageConnections'],
        [PROBE]: ['execute-api:ManageConnections'],
        'Connections.StreamArn': STREAM,
        '*': ['dynamodb:ListStreams'],
      },
    ],
    [
      'Receipts',
      {
        ReceiptsLog: LOG,
        Connections: ['dynamodb:Query'],
        Rooms: ['dynamodb:GetItem'],
        [POST]: ['execute-api:ManageConnections'],
        'Rooms.StreamArn': STREAM,
        '*': ['dynamodb:ListStreams'],
      },
    ],
  ])('of %s are these and no others', (name, rights) => {
    expect(rightsOf(name)).toEqual(rights);
  });

  test('are of as many roles as functions, each with one policy', () => {
    const roles = [...chat.ofType('AWS::IAM::Role').keys()].map(shortName);
    const names = [...chat.ofType('AWS::Lambda::Function').keys()].map(shortName);
    expect(roles).toHaveLength(ENTRIES.length);
    expect(policies.flatMap(({ roles }) => roles).toSorted()).toEqual(roles.toSorted());
    for (const [id, { Properties }] of chat.ofType('AWS::Lambda::Function')) {
      expect(readable(Properties['Role'])).toBe(shortName(id));
    }
    expect(names.toSorted()).toEqual(roles.toSorted());
  });

  test('are nowhere else: no role has a policy of AWS or one of its own', () => {
    for (const { Properties } of chat.ofType('AWS::IAM::Role').values()) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(Properties).not.toHaveProperty('Policies');
    }
    expect(chat.ofType('AWS::IAM::ManagedPolicy').size).toBe(0);
  });

  test('are Lambda’s alone to take up', () => {
    for (const { Properties } of chat.ofType('AWS::IAM::Role').values()) {
      expect(Properties['AssumeRolePolicyDocument']).toMatchObject({
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
          },
        ],
      });
    }
  });
});

describe('no right', () => {
  const statements = policies.flatMap((policy) => policy.statements);
  const actions = statements.flatMap(({ Action }) => several(Action));

  test('is said in any but plain words: Effect, Action, Resource', () => {
    for (const statement of statements) {
      expect(Object.keys(statement).toSorted()).toEqual(['Action', 'Effect', 'Resource']);
      expect(statement.Effect).toBe('Allow');
    }
  });

  test('has a wildcard for its action', () => {
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('is to scan', () => {
    expect(actions).not.toContain('dynamodb:Scan');
  });

  test('is to everything, but that to list streams, which AWS gives no other way', () => {
    const everywhere = statements.filter(({ Resource }) =>
      several(Resource).some((resource) => readable(resource) === '*'),
    );
    const listStreams = { Effect: 'Allow', Action: 'dynamodb:ListStreams', Resource: '*' };
    expect(everywhere).toEqual([listStreams, listStreams, listStreams, listStreams]);
  });

  test('is to delete, update or batch-write a log', () => {
    for (const { roles } of policies) {
      const ofLog = rightsOf(roles[0] ?? '')['Messages'] ?? [];
      expect(['dynamodb:PutItem', 'dynamodb:Query']).toEqual(expect.arrayContaining([...ofLog]));
    }
  });

  const rolesWith = (resource: string) =>
    policies.flatMap(({ roles }) => roles).filter((role) => resource in rightsOf(role));

  test('is to read a stream but of the one function that listens to it', () => {
    expect(rolesWith('Inbox.StreamArn')).toEqual(['Broadcast']);
    expect(rolesWith('Messages.StreamArn')).toEqual(['Erase']);
    expect(rolesWith('Connections.StreamArn')).toEqual(['Presence']);
    expect(rolesWith('Rooms.StreamArn')).toEqual(['Receipts']);
  });

  test('is to the Inbox but of those that accept, and to change what is there the eraser’s alone', () => {
    const accepting = DURABLE_ACTIONS.map(functionOf);
    expect(rolesWith('Inbox').toSorted()).toEqual([...accepting, 'Erase'].toSorted());
    for (const name of accepting) {
      expect(['dynamodb:GetItem', 'dynamodb:PutItem']).toEqual(
        expect.arrayContaining([...(rightsOf(name)['Inbox'] ?? [])]),
      );
    }
  });

  test('is to append to the log but the broadcaster’s', () => {
    const appending = rolesWith('Messages').filter((role) =>
      rightsOf(role)['Messages']?.includes('dynamodb:PutItem'),
    );
    expect(appending).toEqual(['Broadcast']);
  });

  test('to post is anybody’s but of those that accept, or tell what goes on', () => {
    const posters = policies.filter(({ statements }) =>
      JSON.stringify(statements).includes('execute-api:'),
    );
    expect(posters.flatMap(({ roles }) => roles).toSorted()).toEqual(
      [
        ...DURABLE_ACTIONS.map(functionOf),
        'Broadcast',
        'Deliver',
        'Presence',
        'Receipts',
        'Signal',
        'Typing',
      ].toSorted(),
    );
  });
});
