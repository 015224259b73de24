import * as v from 'valibot';

import { apiPart } from './api-part.ts';
import { flag, number, oneOrMany, text } from './properties.ts';

const properties = v.object({
  ApiId: text,
  /** `JWT` for HTTP APIs only. */
  AuthorizerType: v.optional(text, 'REQUEST'),
  AuthorizerUri: v.optional(text, ''),
  AuthorizerCredentialsArn: v.optional(text),
  IdentitySource: oneOrMany(text),
  AuthorizerPayloadFormatVersion: v.optional(v.picklist(['1.0', '2.0']), '1.0'),
  EnableSimpleResponses: v.optional(flag, false),
  AuthorizerResultTtlInSeconds: v.optional(number, 0),
  JwtConfiguration: v.optional(
    v.object({ Issuer: v.optional(text, ''), Audience: v.optional(v.array(text), []) }),
    {},
  ),
});

export type AuthorizerProperties = v.InferOutput<typeof properties>;

/** `AWS::ApiGatewayV2::Authorizer`: functions, and for HTTP APIs the issuers of tokens. */
export const authorizer = apiPart('AWS::ApiGatewayV2::Authorizer', properties);
