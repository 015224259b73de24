import { describe, expect, test } from 'vitest';

import { chatTemplate, readable, shortName } from './chat-template.ts';

/** What every function may do, to the last right. One too many is as wrong here as one too few. */
const chat = chatTemplate();

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const POST =
  'arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:Api/prod/POST/@connections/*';

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

describe('the rights', () => {
  test.each([
    ['Connect', { ConnectLog: LOG, Connections: ['dynamodb:PutItem'] }],
    [
      'Disconnect',
      {
        DisconnectLog: LOG,
        Connections: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem'],
        'Rooms/index/byUser': ['dynamodb:Query'],
      },
    ],
    ['Unrouted', { UnroutedLog: LOG }],
    [
      'Authenticate',
      {
        AuthenticateLog: LOG,
        Users: ['dynamodb:GetItem'],
        Connections: ['dynamodb:BatchWriteItem', 'dynamodb:UpdateItem'],
        'Rooms/index/byUser': ['dynamodb:Query'],
      },
    ],
    [
      'SelectRoom',
      {
        SelectRoomLog: LOG,
        Connections: ['dynamodb:BatchWriteItem', 'dynamodb:UpdateItem'],
        Rooms: ['dynamodb:GetItem'],
        Messages: ['dynamodb:Query'],
      },
    ],
    [
      'NewMessage',
      {
        NewMessageLog: LOG,
        Connections: ['dynamodb:UpdateItem'],
        Rooms: ['dynamodb:GetItem'],
        Inbox: ['dynamodb:PutItem'],
        Messages: ['dynamodb:Query'],
        [POST]: ['execute-api:ManageConnections'],
      },
    ],
    [
      'Broadcast',
      {
        BroadcastLog: LOG,
        Messages: ['dynamodb:PutItem', 'dynamodb:Query'],
        Connections: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
        'Rooms/index/byUser': ['dynamodb:Query'],
        [POST]: ['execute-api:ManageConnections'],
        DeadLetters: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
        'Inbox.StreamArn': [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
        ],
        '*': ['dynamodb:ListStreams'],
      },
    ],
  ])('of %s are these and no others', (name, rights) => {
    expect(rightsOf(name)).toEqual(rights);
  });

  test('are of seven roles, each with one policy and one function', () => {
    const roles = [...chat.ofType('AWS::IAM::Role').keys()].map(shortName);
    const names = [...chat.ofType('AWS::Lambda::Function').keys()].map(shortName);
    expect(roles).toHaveLength(7);
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
    expect(everywhere).toEqual([
      { Effect: 'Allow', Action: 'dynamodb:ListStreams', Resource: '*' },
    ]);
  });

  test('is to delete, update or batch-write a log', () => {
    for (const { roles } of policies) {
      const ofLog = rightsOf(roles[0] ?? '')['Messages'] ?? [];
      expect(['dynamodb:PutItem', 'dynamodb:Query']).toEqual(expect.arrayContaining([...ofLog]));
    }
  });

  test('is to read the Inbox, but the broadcaster’s to its stream', () => {
    const readers = policies.flatMap(({ roles, statements }) =>
      statements
        .filter(({ Resource }) =>
          several(Resource).some((one) => readable(one).startsWith('Inbox')),
        )
        .flatMap(({ Action, Resource }) =>
          several(Action).map((action) => `${roles.join()}: ${action} ${readable(Resource)}`),
        ),
    );
    expect(readers.toSorted()).toEqual([
      'Broadcast: dynamodb:DescribeStream Inbox.StreamArn',
      'Broadcast: dynamodb:GetRecords Inbox.StreamArn',
      'Broadcast: dynamodb:GetShardIterator Inbox.StreamArn',
      'NewMessage: dynamodb:PutItem Inbox',
    ]);
  });

  test('to post is anybody’s but the two that post', () => {
    const posters = policies.filter(({ statements }) =>
      JSON.stringify(statements).includes('execute-api:'),
    );
    expect(posters.flatMap(({ roles }) => roles).toSorted()).toEqual(['Broadcast', 'NewMessage']);
  });
});
