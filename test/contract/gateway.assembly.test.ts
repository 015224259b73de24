import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App } from 'aws-cdk-lib';
import { describe } from 'vitest';

import { startCloud } from '../../emulator/index.ts';
import { ContractStack } from './app/stack.ts';
import { gatewayContract } from './gateway.ts';

/**
 * The contract against the very stack that is deployed to AWS for it, synthesized and run by the emulator,
 * its functions in their sandboxes: whoever deploys it knows that the app is right.
 */
describe('the deployable contract app', () => {
  gatewayContract(async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'parley-contract-'));
    const app = new App({ outdir, builtinCloudFormationValidation: false });
    new ContractStack(app, 'Contract');
    const cloud = await startCloud({ app });
    const [api] = cloud.apis;
    Object.assign(process.env, {
      AWS_REGION: cloud.model.region,
      AWS_ACCESS_KEY_ID: 'anybody',
      AWS_SECRET_ACCESS_KEY: 'anything',
    });
    return {
      url: api?.websocket ?? '',
      management: api?.management ?? '',
      settle: () => cloud.settled(),
      async close() {
        await cloud.close();
        rmSync(outdir, { recursive: true });
      },
    };
  });
});
