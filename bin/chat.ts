import { App } from 'aws-cdk-lib';

import { ChatStack } from '../lib/index.ts';
import { buildWeb } from './web-build.ts';

/**
 * The CDK application: the chat with its page. `cdk deploy -c dev=true` makes a stack
 * that goes away with everything in it.
 */
const app = new App();
new ChatStack(app, 'Parley', {
  description: 'Parley: a chat on API Gateway WebSockets, Lambda and DynamoDB',
  protectData: app.node.tryGetContext('dev') !== 'true',
  website: await buildWeb(),
});
