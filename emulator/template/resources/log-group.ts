import * as v from 'valibot';

import { arnIn } from '../environment.ts';
import { resourceType } from './resource-type.ts';

const MAX_LOG_GROUP_NAME = 512;

/** `AWS::Logs::LogGroup`: no more than its name, by which roles are allowed to write to it. */
export const logGroup = resourceType({
  type: 'AWS::Logs::LogGroup',
  properties: v.object({}),
  name: { property: 'LogGroupName', limit: MAX_LOG_GROUP_NAME },
  identify: ({ name, environment }) => ({
    ref: name,
    // The star stands for the log streams in it; policies are written with it.
    attributes: { Arn: `${arnIn(environment, 'logs', `log-group:${name}`)}:*` },
  }),
});
