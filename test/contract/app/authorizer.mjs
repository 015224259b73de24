import { report } from './watcher.mjs';

/** `?as=` is the identity source: deny, unauthorized and crash refuse, anything else is let in. */
export async function handler(event) {
  const { as, watcher } = event.queryStringParameters;
  if (as === 'unauthorized') throw new Error('Unauthorized');
  if (as === 'crash') throw new Error('as asked');
  await report('authorizer', event, watcher);
  return {
    principalId: as,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: as === 'deny' ? 'Deny' : 'Allow',
          Resource: event.methodArn,
        },
      ],
    },
    context: { count: 1, flag: true, ...(watcher !== undefined && { watcher }) },
  };
}
