import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe } from 'vitest';

import type { FunctionResource } from '../../emulator/model.ts';
import type { Handler } from '../emulator/gateway/gateway-server.ts';
import { startGatewayServer } from '../emulator/gateway/gateway-server.ts';
import { CONTRACT_APP } from './app/model.ts';
import { gatewayContract } from './gateway.ts';

/** The contract against the emulator's gateway, with the app's functions called in this process. */
describe('the emulated gateway', () => {
  gatewayContract(async () => {
    const handlers = await Promise.all(CONTRACT_APP.functions.map(loadHandler));
    const [api] = CONTRACT_APP.apis;
    if (api === undefined) throw new Error('the contract app has an API');
    const server = await startGatewayServer({ api, handlers: Object.fromEntries(handlers) });
    Object.assign(process.env, {
      MANAGEMENT_ENDPOINT: server.management,
      AWS_REGION: CONTRACT_APP.region,
      AWS_ACCESS_KEY_ID: 'anybody',
      AWS_SECRET_ACCESS_KEY: 'anything',
    });
    return { ...server, settle: () => server.activity.quiet() };
  });
});

async function loadHandler(resource: FunctionResource): Promise<[arn: string, Handler]> {
  const [file = '', name = ''] = resource.handler.split('.');
  const url = pathToFileURL(join(resource.codeDirectory, `${file}.mjs`)).href;
  const module: Record<string, Handler> = await import(url);
  const handler = module[name];
  if (handler === undefined) throw new Error(`${resource.path} has no ${resource.handler}`);
  return [resource.arn, handler];
}
