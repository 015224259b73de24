import * as v from 'valibot';

import { functionArn } from './function-arn.ts';
import { text } from './properties.ts';
import { resourceType } from './resource-type.ts';

/** Characters of the ids that Lambda draws. */
const ID_LENGTH = 12;

/**
 * `AWS::Lambda::Permission`. The conditions on a source account, an organisation or a function URL
 * are not copied.
 */
export const permission = resourceType({
  type: 'AWS::Lambda::Permission',
  properties: v.object({
    FunctionName: text,
    Action: text,
    Principal: text,
    SourceArn: v.optional(text),
  }),
  identify: ({ id }) => ({ ref: id(ID_LENGTH), attributes: { Id: id(ID_LENGTH) } }),
  read: ({ properties: { FunctionName, Action, Principal, SourceArn }, environment }) => ({
    permissions: [
      {
        functionArn: functionArn(FunctionName, environment),
        action: Action,
        principal: Principal,
        ...(SourceArn === undefined ? {} : { sourceArn: SourceArn }),
      },
    ],
  }),
});
