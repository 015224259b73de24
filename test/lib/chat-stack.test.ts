import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';

import { ENTRIES } from '../../lib/chat.ts';
import { ACTIONS, DURABLE_ACTIONS } from '../../protocol/actions.ts';
import { type ChatTemplate, chatTemplate, functionOf, readable } from './chat-template.ts';

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
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Lambda::Function',
    'AWS::Lambda::Permission',
    'AWS::Logs::LogGroup',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
  ]);
});

test('leaves half of a stack to what else there is: a chat has at most 270 resources of 500', () => {
  expect(chat.resources.size).toBeLessThanOrEqual(270);
});

test('has the same code every time: a bundle is the same bytes', () => {
  const codeOf = (template: ChatTemplate) =>
    [...template.ofType('AWS::Lambda::Function').values()].map(({ Properties }) =>
      JSON.stringify(Properties['Code']),
    );
  expect(codeOf(chat)).toHaveLength(ENTRIES.length);
  expect(codeOf(chatTemplate())).toEqual(codeOf(chat));
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
      [
        ...DURABLE_ACTIONS.map(functionOf),
        'Broadcaster/Broadcast',
        'Digests/Presence',
        'Digests/Receipts',
        'LargeRooms/Deliver',
        'Signal',
        'Typing',
      ].map(policy),
    ],
    [
      POST.replace('/POST/', '/GET/'),
      'The same; who is there is asked of one function alone.',
      ['Digests/Presence'].map(policy),
    ],
    [
      'IAM5[Resource::*]',
      'dynamodb:ListStreams, which an event source mapping needs, takes no narrower resource.',
      ['Broadcaster/Broadcast', 'Digests/Presence', 'Digests/Receipts', 'Eraser/Erase'].map(policy),
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
