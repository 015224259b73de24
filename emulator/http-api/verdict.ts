import type { EventObject } from './events.ts';
import type { HttpResponse } from './http-request.ts';

/** What the authorizer of a route says to a request. */
export type Verdict =
  | {
      /** What events of format 2.0 have as `requestContext.authorizer`; absent without authorizer. */
      readonly authorizer?: EventObject;
      /** The same in format 1.0. */
      readonly authorizerV1?: EventObject;
    }
  | { readonly refusal: HttpResponse };
