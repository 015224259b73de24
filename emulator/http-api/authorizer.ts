import type { HttpRoute } from '../model.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';
import { FORBIDDEN } from './error-answers.ts';
import type { EventObject } from './events.ts';
import type { HttpResponse } from './http-request.ts';
import { createJwtAuthorizers } from './jwt-authorizer.ts';
import { createLambdaAuthorizers } from './lambda-authorizer.ts';

/** What the authorizer of a route says to a request. */
export type Verdict =
  | {
      /** What events of format 2.0 have as `requestContext.authorizer`; absent without authorizer. */
      readonly authorizer?: EventObject;
      /** The same in format 1.0. */
      readonly authorizerV1?: EventObject;
    }
  | { readonly refusal: HttpResponse };

export type Authorize = (route: HttpRoute, exchange: Exchange) => Promise<Verdict>;

/** The authorizers of one API, with what they keep between requests. */
export function createAuthorizers(context: HttpApiContext): Authorize {
  const askLambda = createLambdaAuthorizers(context);
  const checkToken = createJwtAuthorizers(context);
  return async ({ authorizer }, exchange) => {
    switch (authorizer?.kind) {
      case 'lambda':
        return askLambda(authorizer, exchange);
      case 'jwt':
        return checkToken(authorizer, exchange);
      case 'refuse':
        return { refusal: FORBIDDEN };
      case undefined:
        return {};
      default:
        return authorizer satisfies never;
    }
  };
}
