import { describe, expect, test } from 'vitest';

import { ACTIONS, DURABLE_ACTIONS } from '../../protocol/actions.ts';
import { chatTemplate, functionOf, readable, shortName } from './chat-template.ts';

const chat = chatTemplate();
const type = (name: string) => `AWS::ApiGatewayV2::${name}`;

/** Route key to the function behind it. */
const ROUTES: Readonly<Record<string, string>> = {
  $connect: 'Connect',
  $disconnect: 'Disconnect',
  $default: 'Unrouted',
  ...Object.fromEntries(ACTIONS.map((action) => [action, functionOf(action)])),
};

/** Routes without a response: what there is to say is posted, as the rights of their functions say. */
const POSTED: readonly string[] = DURABLE_ACTIONS;

const routes = [...chat.ofType(type('Route'))].map(([id, { Properties }]) => ({
  id,
  key: String(Properties['RouteKey']),
  properties: Properties,
}));

test('is one WebSocket API, whose route is the action of a frame', () => {
  const [api, ...others] = [...chat.ofType(type('Api')).values()];
  expect(others).toEqual([]);
  expect(api?.Properties).toMatchObject({
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
});

test('has a route for each action and each event, and one for all else', () => {
  expect(routes.map(({ key }) => key).toSorted()).toEqual(Object.keys(ROUTES).toSorted());
});

describe.each(Object.entries(ROUTES))('the route %s', (key, name) => {
  const route = routes.find((one) => one.key === key);

  test(`invokes ${name}`, () => {
    const target = readable(route?.properties['Target']).replace('integrations/', '');
    const [integration] = [...chat.ofType(type('Integration'))].filter(
      ([id]) => shortName(id) === target,
    );
    expect(integration?.[1].Properties).toMatchObject({ IntegrationType: 'AWS_PROXY' });
    expect(readable(integration?.[1].Properties['IntegrationUri'])).toBe(
      `arn:AWS::Partition:apigateway:AWS::Region:lambda:path/2015-03-31/functions/${name}/invocations`,
    );
  });

  test(`is allowed to invoke ${name}: it, and no other route`, () => {
    const allowed = [...chat.ofType('AWS::Lambda::Permission').values()].filter(
      ({ Properties }) => readable(Properties['FunctionName']) === name,
    );
    expect(allowed).toHaveLength(1);
    const { Action, Principal, SourceArn } = allowed[0]?.Properties ?? {};
    expect({ Action, Principal, SourceArn: readable(SourceArn) }).toEqual({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:Api/*${key}`,
    });
  });

  test('asks nobody for a signature: who speaks is said in a frame', () => {
    expect(route?.properties).toMatchObject({ AuthorizationType: 'NONE' });
  });
});

test('nobody but the routes may invoke a function', () => {
  expect(chat.ofType('AWS::Lambda::Permission').size).toBe(Object.keys(ROUTES).length);
  expect(chat.ofType('AWS::Lambda::Url').size).toBe(0);
});

const REPLYING = ['$default', ...ACTIONS.filter((action) => !POSTED.includes(action))];

test.each(REPLYING)('%s replies on its connection', (key) => {
  const route = routes.find((one) => one.key === key);
  expect(route?.properties).toMatchObject({ RouteResponseSelectionExpression: '$default' });
  const responses = [...chat.ofType(type('RouteResponse')).values()].filter(
    ({ Properties }) => readable(Properties['RouteId']) === shortName(route?.id ?? ''),
  );
  expect(responses.map(({ Properties }) => Properties['RouteResponseKey'])).toEqual(['$default']);
});

test.each(['$connect', '$disconnect', ...POSTED])('%s has no route response', (key) => {
  const route = routes.find((one) => one.key === key);
  expect(route?.properties).toBeDefined();
  expect(route?.properties).not.toHaveProperty('RouteResponseSelectionExpression');
  expect(chat.ofType(type('RouteResponse')).size).toBe(REPLYING.length);
});

describe('the stage', () => {
  const stageOf = (props: Parameters<typeof chatTemplate>[0]) =>
    chatTemplate(props).properties(type('Stage'), 'ChatApiStage');

  test('is deployed by every change, as prod, and throttled', () => {
    expect(chat.properties(type('Stage'), 'ChatApiStage')).toMatchObject({
      AutoDeploy: true,
      StageName: 'prod',
      DefaultRouteSettings: { ThrottlingRateLimit: 2_000, ThrottlingBurstLimit: 4_000 },
    });
    expect(chat.ofType(type('Stage')).size).toBe(1);
    expect(chat.ofType(type('Deployment')).size).toBe(0);
  });

  test('has the name and the throttle that are asked for', () => {
    expect(stageOf({ stageName: 'v2', throttle: { rate: 5, burst: 7 } })).toMatchObject({
      StageName: 'v2',
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 },
    });
  });

  test('is in the right to post and in the URL that posts go to', () => {
    const template = chatTemplate({ stageName: 'v2' });
    const policies = [...template.ofType('AWS::IAM::Policy').values()];
    const posts = JSON.stringify(policies.map(({ Properties }) => Properties));
    expect(posts).toContain('/v2/POST/@connections/*');
    expect(posts).not.toContain('/prod/');
    const { Environment } = template.properties('AWS::Lambda::Function', 'ChatNewMessage');
    const { Variables } = Environment as { Variables: Record<string, unknown> };
    expect(readable(Variables['CALLBACK_URL'])).toBe(
      'https://Api.execute-api.AWS::Region.AWS::URLSuffix/v2',
    );
  });
});
