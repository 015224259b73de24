/**
 * On whose account something is counted: a frame's route, and all that its function does and calls
 * in turn; or, where no frame came before (a stream, a schedule, a call from outside), the function
 * that was invoked first. What a stream carries on is no longer the route's: one batch may hold the
 * writes of many frames.
 */
export type Cause =
  | {
      /** The construct path of the API. */
      readonly api: string;
      /** The route key, or `UNROUTED`. */
      readonly route: string;
    }
  | {
      /** The construct path of the function. */
      readonly function: string;
    };

/** The route of frames that no route is for: API Gateway bills them all the same. */
export const UNROUTED = '(unrouted)';

/** The same text for the same cause. */
export function causeKey(cause: Cause | undefined): string {
  if (cause === undefined) return '';
  return 'route' in cause ? `${cause.api} ${cause.route}` : cause.function;
}
