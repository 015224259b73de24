/** One row of a room: a day, where the unread ones begin, who came or went, or a message. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';

import type { Message, Notice, Room } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import type { MessageHandlers } from '../message/message-handlers.ts';
import { MessageRow } from '../message/message-row.tsx';
import type { Row } from './timeline-rows.ts';
import type { Words } from '../language/words.ts';

export interface TimelineRowProps {
  readonly row: Row;
  readonly room: Room;
  /** The message that this one answers, if it is loaded. */
  readonly quoted: Message | undefined;
  /** Who has read up to here. */
  readonly seen: readonly string[] | undefined;
  /** Somebody has just come here. */
  readonly shown: boolean;
  readonly handlers: MessageHandlers;
}

/** Drawn again only when something of the row itself has changed: a long room has hundreds of them. */
export function TimelineRow({ row, ...rest }: TimelineRowProps): JSX.Element {
  const language = useLanguage();
  const { room, quoted, seen, shown, handlers } = rest;
  const content = row.kind === 'message' ? row.message : row.key;
  const head = row.kind === 'message' && row.head;
  return useMemo(() => {
    switch (row.kind) {
      case 'day':
        return (
          <li class="day">
            <time dateTime={new Date(row.time).toISOString()}>{language.dates.day(row.time)}</time>
          </li>
        );
      case 'unread':
        return <li class="unread-line">{language.words.timeline.unread}</li>;
      case 'notice':
        return (
          <li class="room-notice" data-anchor>
            {noticeText(language.words, row.notice)}
          </li>
        );
      case 'message':
      default:
        return <MessageRow {...rest} message={row.message} head={row.head} />;
    }
  }, [content, head, room.summary?.role, quoted, seen?.join(), shown, handlers, language.name]);
}

function noticeText({ notices, roles }: Words, notice: Notice): string {
  const { kind, user, member = user, reason, name = '', role } = notice;
  switch (kind) {
    case 'join':
      return member === user ? notices.joined(user) : notices.invited(member, user);
    case 'leave':
      if (reason === 'kicked') return notices.kicked(member, user);
      return reason === 'banned' ? notices.banned(member, user) : notices.left(member);
    case 'rename':
      return notices.renamed(user, name);
    case 'role':
    default:
      return notices.role(member, role === undefined ? '' : roles[role], user);
  }
}
