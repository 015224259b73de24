import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App } from 'aws-cdk-lib';

import { type Cloud, type CloudOptions, startCloud } from '../emulator/index.ts';
import { createDynamoDb } from '../lambdas/core/aws/dynamodb.ts';
import { createEndpoint } from '../lambdas/core/aws/endpoint.ts';
import type { Directory } from '../lambdas/core/directory.ts';
import { type ChatProps, ChatStack } from '../lib/index.ts';
import { chatDirectory } from './chat-directory.ts';

/** The chat on this machine: its stack, synthesized here and now, in an emulated cloud. */
export interface LocalChat {
  readonly cloud: Cloud;
  readonly directory: Directory;
  close(): Promise<void>;
}

/**
 * Synthesizes the stack as `cdk synth` would, with the feature flags of `cdk.json`, into a directory.
 */
export function synthesize(outdir: string, props: ChatProps = {}): string {
  const cdkJson = new URL('../cdk.json', import.meta.url);
  const { context } = JSON.parse(readFileSync(cdkJson, 'utf8')) as { context: object };
  const app = new App({
    outdir,
    context: { ...context },
    analyticsReporting: false,
    // Three seconds of checks that `cdk synth` and the tests make, and that change nothing.
    builtinCloudFormationValidation: false,
  });
  new ChatStack(app, 'Parley', props);
  return app.synth().directory;
}

/** Any credentials that belong to no function are the administrator's. */
const ADMINISTRATOR = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startLocalChat(
  options: Omit<CloudOptions, 'assembly'> & {
    readonly chat?: ChatProps;
    /** Synthesized before; default: synthesized now, into a directory that goes with the chat. */
    readonly assembly?: string;
  } = {},
): Promise<LocalChat> {
  const outdir = mkdtempSync(join(tmpdir(), 'parley-assembly-'));
  const cleanUp = () => rmSync(outdir, { recursive: true, force: true });
  try {
    const assembly = options.assembly ?? synthesize(outdir, options.chat);
    const cloud = await startCloud({ ...options, assembly });
    const { url, outputs } = cloud;
    const endpoint = createEndpoint({
      url,
      service: 'dynamodb',
      maxSockets: 16,
      region: cloud.model.region,
      credentials: ADMINISTRATOR,
    });
    const { UsersTable = '', RoomsTable = '', ConnectionsTable = '' } = outputs;
    return {
      cloud,
      directory: chatDirectory(createDynamoDb(endpoint), {
        users: UsersTable,
        rooms: RoomsTable,
        connections: ConnectionsTable,
      }),
      async close() {
        await cloud.close();
        cleanUp();
      },
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}
