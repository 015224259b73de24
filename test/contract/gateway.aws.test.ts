import { beforeEach, describe } from 'vitest';

import { gatewayContract } from './gateway.ts';
import { differenceOf } from './known-differences.ts';

/**
 * The contract against a deployed contract app: `REMOTE=wss://<id>.execute-api.<region>.amazonaws.com/prod`,
 * with credentials in the environment. Skipped without it; what is needed is in `README.md`. Tests that
 * AWS cannot pass are skipped with the reason that `known-differences.ts` has for them.
 */
const { REMOTE } = process.env;

/** AWS has no sign of quiet; this is longer than any of the app's functions takes. */
const SETTLE_MS = 6000;

describe.skipIf(REMOTE === undefined)('API Gateway', () => {
  beforeEach(({ task, skip }) => {
    const reason = differenceOf(task.name);
    if (reason !== undefined) skip(reason);
  });
  const url = REMOTE ?? '';
  gatewayContract(async () => ({
    url,
    management: url.replace(/^ws/, 'http'),
    settle: () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS)),
    close: async () => {},
  }));
});
