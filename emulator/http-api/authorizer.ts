import type { HttpRoute } from '../model.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';
import { FORBIDDEN } from './error-answers.ts';
import { createJwtAuthorizers } from './jwt-authorizer.ts';
import { createLambdaAuthorizers } from './lambda-authorizer.ts';
import type { Verdict } from './verdict.ts';

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
