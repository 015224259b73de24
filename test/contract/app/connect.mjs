import { post, report } from './watcher.mjs';

/**
 * `?status=NNN` answers with that status, `?status=none` with none; `?throw=1` throws;
 * `?protocol=x` chooses a subprotocol; `?post=self` posts to the connection that is being made and
 * answers with the status of that post.
 */
export async function handler(event) {
  const query = event.queryStringParameters;
  await report('connect', event, event.requestContext.authorizer.watcher);
  if (query.throw !== undefined) throw new Error('as asked');
  if (query.status === 'none') return {};
  if (query.post === 'self') return { statusCode: await postToSelf(event) };
  return {
    statusCode: Number(query.status ?? 200),
    headers: {
      'X-Not-Passed-On': 'as AWS does',
      ...(query.protocol !== undefined && { 'Sec-WebSocket-Protocol': query.protocol }),
    },
    body: 'not passed on',
  };
}

async function postToSelf(event) {
  try {
    await post(event.requestContext.connectionId, 'too early');
    return 200;
  } catch (error) {
    return error.$metadata.httpStatusCode;
  }
}
