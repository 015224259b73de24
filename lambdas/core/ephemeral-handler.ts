import type { Action } from '../../protocol/actions.ts';
import type { Refused } from '../../protocol/requests.ts';
import { variable } from '../environment.ts';
import { callbackEndpoint, createConnectionsApi } from './aws/connections-api.ts';
import { createDynamoDb } from './aws/dynamodb.ts';
import { createDeliver, POSTS_AT_ONCE } from './deliver.ts';
import { type AskedEphemeral, type Ephemeral, makeEphemeral } from './ephemeral.ts';
import { memberParts } from './reader.ts';
import { type FrameEvent, replyTo, type RouteResponse } from './reply.ts';
import { createViewers } from './viewers.ts';

/** The handler of what is shown and never stored. */
export function ephemeralHandler(
  action: Action,
  judge: (asked: AskedEphemeral) => Promise<Ephemeral | Refused>,
): (event: FrameEvent) => Promise<RouteResponse> {
  const answer = makeEphemeral(action, judge, {
    ...memberParts(),
    viewers: createViewers({ db: createDynamoDb(), table: variable('connections') }),
    deliver: createDeliver({
      api: createConnectionsApi(callbackEndpoint(variable('callbackUrl'), POSTS_AT_ONCE)),
    }),
  });
  return (event) => replyTo(event, answer);
}
