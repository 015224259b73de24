import { App } from 'aws-cdk-lib';

import { ChatStack } from '../lib/index.ts';

/**
 * The CDK application, and the smallest use of the construct. `cdk deploy -c dev=true` makes a stack
 * that goes away with everything in it.
 */
const app = new App();
new ChatStack(app, 'Parley', {
  description: 'Parley: a chat on API Gateway WebSockets, Lambda and DynamoDB',
  protectData: app.node.tryGetContext('dev') !== 'true',
});
