/**
 * Requests of somebody who is signed in and stays so. A session ends when its token does; the first
 * request that is told so signs in again, on the same socket, and goes out once more. A session that ends
 * again at once is not renewed for ever: the socket is given up.
 */
import type { Clock } from '../clock.ts';
import type { Answer } from './line.ts';
import { OFFLINE, type Request } from './requests.ts';

/** A session that ends so soon after it was begun is not renewed. */
export const RENEWAL_MIN_MS = 10_000;

export interface RenewalOptions {
  readonly clock: Clock;
  readonly request: Request;
  /** Signs in on the socket; false when that has ended the socket. */
  readonly signIn: () => Promise<boolean>;
  readonly giveUp: () => void;
}

export interface Renewal {
  /** Somebody has signed in. */
  signedIn(): void;
  readonly ask: Request;
}

export function createRenewal({ clock, request, signIn, giveUp }: RenewalOptions): Renewal {
  let signIns = 0;
  let signedInAt = 0;
  let underWay: Promise<boolean> | undefined;

  const renew = () => {
    if (underWay === undefined && clock.now() - signedInAt < RENEWAL_MIN_MS) {
      giveUp();
      return false;
    }
    underWay ??= signIn().finally(() => (underWay = undefined));
    return underWay;
  };
  return {
    signedIn() {
      signIns += 1;
      signedInAt = clock.now();
    },
    async ask(frame, uuid): Promise<Answer> {
      const before = signIns;
      const answer = await request(frame, uuid);
      if (answer.ok || answer.code !== 'authentication_required') return answer;
      // Others may have renewed it since this one went out.
      const renewed = signIns > before || (await renew());
      return renewed ? request(frame, uuid) : OFFLINE;
    },
  };
}
