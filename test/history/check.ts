/** Decides a history by all checks, and prints what contradicts each other. */
import { acknowledged } from './checks/acknowledged.ts';
import { afterWhatWasSeen } from './checks/after-what-was-seen.ts';
import { agreement } from './checks/agreement.ts';
import { askedFor } from './checks/asked-for.ts';
import { chained } from './checks/chained.ts';
import { erased } from './checks/erased.ts';
import { gapFree } from './checks/gap-free.ts';
import { honestFailure } from './checks/honest-failure.ts';
import { membersOnly } from './checks/members-only.ts';
import { monotonic } from './checks/monotonic.ts';
import { once } from './checks/once.ts';
import { ownWrites } from './checks/own-writes.ts';
import { realTimeOrder } from './checks/real-time-order.ts';
import { recovery } from './checks/recovery.ts';
import { senderOrder } from './checks/sender-order.ts';
import { unread } from './checks/unread.ts';
import { wellFormed } from './checks/well-formed.ts';
import type { Check, History, HistoryEvent, LogRow, Violation } from './history.ts';

/** J1 to J12, then what the protocol promises beyond them. */
const CHECKS: readonly Check[] = [
  acknowledged,
  askedFor,
  agreement,
  once,
  gapFree,
  monotonic,
  ownWrites,
  realTimeOrder,
  afterWhatWasSeen,
  recovery,
  honestFailure,
  membersOnly,
  senderOrder,
  erased,
  unread,
  chained,
  wellFormed,
];

/** All that is wrong, one violation of each check at most. */
export const violationsOf = (history: History): readonly Violation[] =>
  CHECKS.flatMap((check) => check(history) ?? []);

/** For people: the check, what is wrong, and each event and row on a line. */
export const violationText = ({ check, what, piece }: Violation): string =>
  [`${check}: ${what}`, ...piece.map((one) => `  ${line(one)}`)].join('\n');

/** Of a screen, its end is enough. */
const SCREEN_LINES = 6;

function line(one: HistoryEvent | LogRow): string {
  if (!('device' in one)) return `log    ${JSON.stringify(one)}`;
  const { at, device, life, kind, user: _, ...rest } = one;
  const shown =
    'messages' in rest
      ? {
          ...rest,
          count: rest.messages.length,
          messages: rest.messages
            .slice(-SCREEN_LINES)
            .map(({ seq, state, text }) => `${seq ?? state} ${text.slice(0, 20)}`),
        }
      : rest;
  return `${at.toFixed(1)} ms ${device}/${life} ${kind} ${JSON.stringify(shown)}`;
}
