import { join } from 'node:path';

import type { CloudOptions } from '../cloud-options.ts';
import type { Principal } from '../iam/principal.ts';
import { functionName } from '../lambda/function-name.ts';
import type { OnClose, Parts } from '../parts.ts';
import { type Checkpoints, fileCheckpoints, memoryCheckpoints } from './checkpoints.ts';

// What a cloud's event source mappings work with: their pace, in whose name, and their memory.

interface MappingSettings {
  readonly filterLimit?: number;
  readonly pollMs?: number;
  readonly windowScale?: number;
}

/** As the cloud's options ask; what they leave open is as on AWS. */
export const mappingSettings = ({
  streamPollMs,
  batchingWindowScale,
  filtersPerMapping,
}: CloudOptions): MappingSettings => ({
  ...(filtersPerMapping === undefined ? {} : { filterLimit: filtersPerMapping }),
  ...(streamPollMs === undefined ? {} : { pollMs: streamPollMs }),
  ...(batchingWindowScale === undefined ? {} : { windowScale: batchingWindowScale }),
});

/** As whom a function's mapping works: as the function, if it is here. */
export function principalOf(functionArn: string, { model, access }: Parts): Principal {
  const name = functionName(functionArn);
  const fn = model.functions.find((each) => each.name === name);
  return fn === undefined ? { kind: 'administrator' } : access.principal(fn.name, fn.role);
}

/** Positions are kept where the data is kept, and go with it. */
export function openCheckpoints({ dataDirectory }: CloudOptions, onClose: OnClose): Checkpoints {
  if (dataDirectory === undefined) return memoryCheckpoints();
  const file = fileCheckpoints(join(dataDirectory, 'stream-positions.json'));
  onClose(() => file.close());
  return file;
}
