/**
 * One message: who said it and when, what it answers, its words, and what came of it. What can be done with
 * it stands at its edge while it has the focus or the pointer.
 */
import type { JSX } from 'preact';

import type { Message, Room } from '../../../client/index.ts';
import { Avatar } from '../controls/avatar.tsx';
import { Icon } from '../controls/icon.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { MessageActions } from './message-actions.tsx';
import type { MessageHandlers } from './message-handlers.ts';
import { MessageText } from './message-text.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { RefusalText } from '../refusal-text.tsx';
import { SeenBy } from '../timeline/seen-by-line.tsx';
import { Unsent } from './unsent.tsx';
import { useAction } from '../use-action.ts';

export interface MessageRowProps {
  readonly message: Message;
  readonly room: Room;
  readonly head: boolean;
  readonly quoted: Message | undefined;
  readonly seen: readonly string[] | undefined;
  readonly shown: boolean;
  readonly handlers: MessageHandlers;
}

export function MessageRow(props: MessageRowProps): JSX.Element {
  const { message, room, head, quoted, seen, shown, handlers } = props;
  const { words, dates } = useLanguage();
  const { user: me } = useLiveChat();
  const action = useAction();
  const { key, user, time, text, replyTo, seq, state, deleted } = message;
  const mentioned = message.mentions.includes(me.value) && !deleted;
  const classes = ['message', head && 'head', mentioned && 'mentioned', shown && 'shown', state];
  const said = deleted ? words.message.deleted : text;
  const stamp = <Time ms={time} />;
  return (
    <li class={classes.filter(Boolean).join(' ')} data-anchor data-key={key} data-seq={seq}>
      <article tabIndex={-1} aria-label={`${user}, ${dates.time(time)}: ${said}`}>
        <div class="gutter">{head ? <Avatar user={user} /> : stamp}</div>
        {head ? (
          <header>
            <strong class={message.mine ? 'mine' : ''}>{user}</strong> {stamp}
          </header>
        ) : null}
        {replyTo === undefined || deleted ? null : (
          <Quote message={quoted} onShow={() => handlers.show(replyTo)} />
        )}
        {deleted ? (
          <p class="text tombstone">{words.message.deleted}</p>
        ) : (
          <MessageText message={message} me={me.value} />
        )}
        {message.pinned && !deleted ? (
          <p class="pinned-mark">
            <Icon name="pin" /> {words.message.pinned}
          </p>
        ) : null}
        {deleted ? null : <Reactions message={message} room={room} action={action} />}
        {state === 'sent' ? null : <Unsent message={message} room={room} />}
        <SeenBy people={seen} />
        {action.refusal === undefined ? null : <RefusalText refusal={action.refusal} />}
        {deleted || seq === undefined ? null : (
          <MessageActions
            message={message}
            seq={seq}
            room={room}
            action={action}
            handlers={handlers}
          />
        )}
      </article>
    </li>
  );
}

function Time({ ms }: { readonly ms: number }): JSX.Element {
  const { dates } = useLanguage();
  return (
    <time dateTime={new Date(ms).toISOString()} title={dates.full(ms)}>
      {dates.time(ms)}
    </time>
  );
}
