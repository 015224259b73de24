import type { Cause } from '../meter/cause.ts';
import type { Role } from '../model.ts';
import type { AccessRequest, Verdict } from './verdict.ts';

/** Who signed a request: the role of a function, or the account's administrator. */
export type Principal =
  | { readonly kind: 'administrator' }
  | {
      readonly kind: 'role';
      readonly role: Role;
      readonly functionName: string;
      /** Hears every verdict on it, and may overrule it; default: verdicts stand. */
      readonly oversee?: (request: AccessRequest, verdict: Verdict) => Verdict;
      /** On whose account the meter puts the request. */
      readonly cause?: Cause;
    };
