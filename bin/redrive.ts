/** Sends through again what never got its number: from the dead letters, or from a moment on. */
import { NOTHING_REDRIVEN, plus, type Redrive, type Redriven } from '../lambdas/core/redrive.ts';
import type { AdminChat } from './admin-directory.ts';
import { fail } from './command.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';

interface LettersRedriven extends Redriven {
  readonly letters: number;
  /** Left in the queue: nothing about them can be done here. */
  readonly kept: number;
}

/**
 * All dead letters. One whose rows are all sent, numbered or gone is removed; one with a broken row, or
 * about no row at all, stays. In a dry run all stay.
 */
async function redriveLetters(
  deadLetters: DeadLetters,
  redrive: Redrive,
  dryRun: boolean,
): Promise<LettersRedriven> {
  let result = NOTHING_REDRIVEN;
  const keep: DeadLetter[] = [];
  let letters = 0;
  for await (const letter of deadLetters.all()) {
    letters += 1;
    const redriven = await redriveLetter(letter, redrive, dryRun);
    result = plus(result, redriven ?? NOTHING_REDRIVEN);
    if (dryRun || redriven === undefined || redriven.broken > 0) keep.push(letter);
    else await letter.remove();
  }
  // Only now, or they would be received again.
  for (const letter of keep) await letter.putBack();
  return { ...result, letters, kept: keep.length };
}

async function redriveLetter({ meant }: DeadLetter, redrive: Redrive, dryRun: boolean) {
  if (meant === undefined) return undefined;
  return 'keys' in meant
    ? redrive.rows(meant.keys, dryRun)
    : redrive.acceptedIn(meant.stretch, dryRun);
}

/** `npm run admin -- redrive`: without `go` it only looks. Answers what to tell. */
export async function redrive(
  chat: AdminChat,
  { since, go }: { readonly since?: string | undefined; readonly go: boolean },
): Promise<string> {
  if (since !== undefined) {
    const from = Date.parse(since);
    if (Number.isNaN(from)) fail(`--since must be a time, not ${JSON.stringify(since)}`);
    return toLine(await chat.redrive.acceptedIn({ from }, !go), go);
  }
  const deadLetters = await chat.deadLetters();
  if (deadLetters === undefined) fail('There is no queue of dead letters');
  const redriven = await redriveLetters(deadLetters, chat.redrive, !go);
  const { letters, kept } = redriven;
  return `${letters} dead letters, of which ${kept} stay. ${toLine(redriven, go)}`;
}

const toLine = ({ sent, numbered, gone, broken }: Redriven, go: boolean) =>
  `${go ? 'Sent' : 'Would send'} ${sent} through again; ${numbered} are in the log already, ` +
  `${gone} are erased or expired, ${broken} are no entries`;
