/**
 * How the connection is, as long as it is not simply there: then this is silent. A short gap is not worth a
 * word, so the bar comes in late (by style); when it is offline it says when the next attempt is.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { ConnectionState } from '../../client/index.ts';
import { useLanguage } from './language/language-context.ts';
import { useLiveChat } from './live-chat.ts';

export function ConnectionBar(): JSX.Element {
  const { words } = useLanguage();
  const { chat, connection, problem } = useLiveChat();
  const state = connection.value;
  const again = {
    offline: words.connection.retryNow,
    failed: words.connection.again,
  }[state.name as string];
  const shown = textOf(words.connection, state);
  if (problem.value && state.name === 'online') return <ProblemBar />;
  return (
    <section class={`connection ${state.name}`} aria-label={words.connection.label}>
      <p role="status">{shown}</p>
      {state.name === 'offline' ? <NextAttempt at={state.retryAt} /> : null}
      {again === undefined ? null : (
        <button type="button" class="button" onClick={() => chat.connect()}>
          {again}
        </button>
      )}
    </section>
  );
}

/** Told until somebody has taken note. */
function ProblemBar(): JSX.Element {
  const { words } = useLanguage();
  const { problem } = useLiveChat();
  return (
    <section class="connection problem" aria-label={words.connection.label}>
      <p role="status">{words.connection.problem}</p>
      <button
        type="button"
        class="button"
        onClick={() => {
          problem.value = false;
        }}
      >
        {words.close}
      </button>
    </section>
  );
}

function textOf(
  words: ReturnType<typeof useLanguage>['words']['connection'],
  { name }: ConnectionState,
): string {
  switch (name) {
    case 'idle':
    case 'connecting':
    case 'authenticating':
      return words.connecting;
    case 'recovering':
      return words.recovering;
    case 'offline':
      return words.offline;
    case 'failed':
      return words.failed;
    case 'online':
    case 'closed':
    default:
      return '';
  }
}

/** Counts down; no screen reader is told every second. */
function NextAttempt({ at }: { readonly at: number }): JSX.Element | null {
  const { words, dates } = useLanguage();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((at - now) / 1_000);
  if (seconds <= 0) return null;
  return <p aria-live="off">{words.connection.nextAttempt(dates.within(seconds))}</p>;
}
