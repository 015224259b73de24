import * as v from 'valibot';

import { apiPart } from './api-part.ts';
import { text } from './properties.ts';

/** `AWS::ApiGatewayV2::Authorizer`; an API of WebSockets has only those of the type `REQUEST`. */
export const authorizer = apiPart(
  'AWS::ApiGatewayV2::Authorizer',
  v.object({
    ApiId: text,
    AuthorizerUri: v.optional(text, ''),
    AuthorizerCredentialsArn: v.optional(text),
    IdentitySource: v.optional(v.array(text), []),
  }),
);
