import { report } from './watcher.mjs';

export async function handler(event) {
  await report('disconnect', event, event.requestContext.authorizer.watcher);
}
