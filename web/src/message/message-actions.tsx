/** What can be done with a message: react, answer, and in a menu the rest that one may. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { isAtLeast } from '../../../protocol/roles.ts';
import type { Message, Room } from '../../../client/index.ts';
import { EmojiPicker } from './emoji-picker.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { Menu, MenuItem } from '../controls/menu.tsx';
import type { MessageHandlers } from './message-handlers.ts';
import type { Action } from '../use-action.ts';

export interface MessageActionsProps {
  readonly message: Message;
  readonly seq: number;
  readonly room: Room;
  readonly action: Action;
  readonly handlers: MessageHandlers;
}

type Open = { readonly what: 'emoji' | 'menu'; readonly at: HTMLElement };

export function MessageActions(props: MessageActionsProps): JSX.Element {
  const { message, seq, room, action, handlers } = props;
  const { words } = useLanguage();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const mayWrite = room.summary?.role !== 'read-only';
  const openAt = (what: Open['what']) => (event: { readonly currentTarget: HTMLElement }) =>
    setOpen({ what, at: event.currentTarget });
  return (
    <div class={open === undefined ? 'message-actions' : 'message-actions open'}>
      {mayWrite ? (
        <>
          <IconButton
            tabIndex={-1}
            label={words.message.react}
            icon="emoji"
            aria-haspopup="dialog"
            onClick={openAt('emoji')}
          />
          <IconButton
            tabIndex={-1}
            label={words.message.reply}
            icon="reply"
            onClick={() => handlers.reply(message)}
          />
        </>
      ) : null}
      <IconButton
        tabIndex={-1}
        class="icon-button message-more"
        label={words.message.actions}
        icon="more"
        aria-haspopup="menu"
        onClick={openAt('menu')}
      />
      {open?.what === 'emoji' ? (
        <EmojiPicker
          at={open.at}
          onClose={close}
          onEmoji={(emoji) => {
            close();
            void action.run(() => room.react(seq, emoji, true));
          }}
        />
      ) : null}
      {open?.what === 'menu' ? <MessageMenu {...props} at={open.at} onClose={close} /> : null}
    </div>
  );
}

type MessageMenuProps = MessageActionsProps & {
  readonly at: HTMLElement;
  readonly onClose: () => void;
};

function MessageMenu(props: MessageMenuProps): JSX.Element {
  const { message, seq, room, action, handlers, at, onClose } = props;
  const { words } = useLanguage();
  const { dialog } = useLiveChat();
  const { pinned, mine, text } = message;
  const role = room.summary?.role ?? 'read-only';
  const mayWrite = role !== 'read-only';
  const mayChange = mayWrite && (mine || isAtLeast(role, 'moderator'));
  const then = (does: () => void) => () => {
    onClose();
    does();
  };
  const confirmRemoval = () => {
    dialog.value = {
      name: 'confirm',
      title: words.message.removeTitle,
      hint: words.message.removeHint,
      confirm: words.message.removeConfirm,
      ask: () => room.remove(seq),
    };
  };
  const togglePin = () => void action.run(() => room.pin(seq, !pinned));
  return (
    <Menu at={at} label={words.message.actions} onClose={onClose}>
      {mayWrite ? (
        <MenuItem onSelect={then(() => handlers.reply(message))}>{words.message.reply}</MenuItem>
      ) : null}
      {mayChange ? (
        <MenuItem onSelect={then(() => handlers.edit(message))}>{words.message.edit}</MenuItem>
      ) : null}
      {mayWrite ? (
        <MenuItem onSelect={then(togglePin)}>
          {pinned ? words.message.unpin : words.message.pin}
        </MenuItem>
      ) : null}
      <MenuItem onSelect={then(() => void navigator.clipboard.writeText(text))}>
        {words.message.copy}
      </MenuItem>
      {mayChange ? (
        <MenuItem danger onSelect={then(confirmRemoval)}>
          {words.message.remove}
        </MenuItem>
      ) : null}
    </Menu>
  );
}
