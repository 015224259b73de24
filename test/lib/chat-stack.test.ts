import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';

import { ENTRIES } from '../../lib/chat.ts';
import { ACTIONS, DURABLE_ACTIONS } from '../../protocol/actions.ts';
import { chatTemplate, functionOf, readable, templateOfChats } from './chat-template.ts';

const chat = chatTemplate();

test('says where everything is', () => {
  const outputs = Object.entries(chat.outputs).map(([name, { Value }]) => [name, readable(Value)]);
  expect(Object.fromEntries(outputs)).toEqual({
    WebSocketUrl: 'wss://Api.execute-api.AWS::Region.AWS::URLSuffix/prod',
    UsersTable: 'Users',
    RoomsTable: 'Rooms',
    ConnectionsTable: 'Connections',
    InboxTable: 'Inbox',
    MessagesTable: 'Messages',
    DeadLettersQueueUrl: 'DeadLetters',
  });
});

test('holds these types of resources and no others: nothing runs, and is paid, while nobody speaks', () => {
  const types = new Set([...chat.resources.values()].map(({ Type }) => Type));
  expect([...types].toSorted()).toEqual([
    'AWS::ApiGatewayV2::Api',
    'AWS::ApiGatewayV2::Integration',
    'AWS::ApiGatewayV2::Route',
    'AWS::ApiGatewayV2::RouteResponse',
    'AWS::ApiGatewayV2::Stage',
    'AWS::DynamoDB::Table',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Lambda::Function',
    'AWS::Lambda::Permission',
    'AWS::Logs::LogGroup',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
  ]);
});

describe('two chats in one stack', () => {
  const both = templateOfChats('Tea', 'Coffee');

  test('have every resource twice', () => {
    expect(both.resources.size).toBe(2 * chat.resources.size);
  });

  test('have nothing in common: each refers to its own resources alone', () => {
    const ids = [...both.resources.keys()];
    for (const [id, resource] of both.resources) {
      const other = id.startsWith('Tea') ? 'Coffee' : 'Tea';
      const ofOther = ids.filter((one) => one.startsWith(other));
      const referred = JSON.stringify(resource).match(/"(Tea|Coffee)\w+"/g) ?? [];
      expect(referred.filter((name) => ofOther.includes(name.slice(1, -1)))).toEqual([]);
    }
  });

  test('run the same code: a bundle is the same bytes every time', () => {
    const code = [...both.ofType('AWS::Lambda::Function').values()].map(({ Properties }) =>
      JSON.stringify(Properties['Code']),
    );
    expect(code).toHaveLength(2 * ENTRIES.length);
    for (const one of code) expect(code.filter((other) => other === one)).toHaveLength(2);
  });
});

// cdk-nag's findings that stay, each with the reason. A new one fails, and so does one that is gone.
describe('cdk-nag', () => {
  const api = (route: string) => `Parley/Chat/Api/Api/${route}-Route/Resource`;
  const policy = (name: string) => `Parley/Chat/${name}/Role/DefaultPolicy/Resource`;
  const POST =
    'IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ChatApiC2D11100>/prod/POST/@connections/*]';

  const accepted: readonly (readonly [rule: string, reason: string, paths: readonly string[]])[] = [
    [
      'APIG4',
      'Who speaks is said by a token in the frame `authenticate`; an unauthenticated socket may do nothing else.',
      ['$connect', '$disconnect', '$default', ...ACTIONS].map(api),
    ],
    [
      'APIG1',
      'Every function writes one line for each frame; an access log would say it twice, at a price.',
      ['Parley/Chat/Api/Stage/Resource'],
    ],
    [
      POST,
      'Ids of connections are not known before they are made; the right is to POST on this stage alone.',
      [...DURABLE_ACTIONS.map(functionOf), 'Broadcaster/Broadcast'].map(policy),
    ],
    [
      'IAM5[Resource::*]',
      'dynamodb:ListStreams, which an event source mapping needs, takes no narrower resource.',
      ['Broadcaster/Broadcast', 'Eraser/Erase'].map(policy),
    ],
    [
      'SQS3',
      'It is the dead-letter queue: of an event source mapping, which the rule does not see.',
      ['Parley/Chat/Broadcaster/DeadLetters/Resource'],
    ],
  ];

  const { violations } = new AwsSolutionsChecks().validateScope(chat.app);
  const found = violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => `${ruleName} ${constructPath}`),
  );

  test.each(accepted)('finds %s only where it is right so: %s', (rule, _reason, paths) => {
    const ofRule = found.filter((one) => one.startsWith(`AwsSolutions-${rule} `));
    expect(ofRule.toSorted()).toEqual(
      paths.map((path) => `AwsSolutions-${rule} ${path}`).toSorted(),
    );
  });

  test('finds nothing else', () => {
    expect(found).toHaveLength(accepted.reduce((sum, [, , paths]) => sum + paths.length, 0));
  });
});
