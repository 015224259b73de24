/** English: the words of the page, and the model of every other language. */
import type { RoomSummary } from '../../../client/index.ts';
import { createPlural } from './plural.ts';
import type { RefusalCode } from './refusal-code.ts';

const plural = createPlural('en');

const errors: Readonly<Record<RefusalCode, string>> = {
  invalid_message_format: 'The server did not understand that.',
  invalid_payload: 'The server does not know how to do that.',
  invalid_token: 'This token is wrong, has expired or was revoked.',
  authentication_required: 'Sign in first.',
  invalid_room_id: 'This room does not exist, or you are not in it.',
  empty_text: 'There is nothing to send.',
  invalid_json: 'The server did not understand that.',
  invalid_uuid: 'The server did not understand that.',
  invalid_text: 'This text holds characters that cannot be sent.',
  text_too_long: 'This message is too long.',
  invalid_target: 'This message does not exist any more.',
  forbidden: 'You may not do this here.',
  invalid_reply_to: 'The message you reply to does not exist any more.',
  invalid_mentions: 'Too many people are mentioned.',
  invalid_meta: 'There is too much attached to this message.',
  invalid_if_head: 'The server did not understand that.',
  head_moved: 'Others were faster. Try again.',
  invalid_emoji: 'That is too long for a reaction.',
  too_many_reactions: 'This message has all the reactions it can carry.',
  too_many_edits: 'This message was edited too often.',
  invalid_page: 'The server did not understand that.',
  invalid_rooms: 'The server did not understand that.',
  unknown_user: 'There is nobody of this name.',
  unknown_member: 'Nobody of this name is in the room.',
  banned: 'Banned from this room.',
  too_many_rooms: 'That is too many rooms for one person.',
  last_owner: 'You are the last owner. Make somebody else an owner first.',
  invalid_mark: 'The server did not understand that.',
  invalid_list: 'The server did not understand that.',
  muted: 'You are muted in this room.',
  slow_mode: 'This room is in slow mode.',
  invalid_name: 'A name has 1 to 100 visible characters.',
  invalid_kind: 'The server did not understand that.',
  invalid_role: 'The server did not understand that.',
  invalid_seconds: 'That is too long.',
  invalid_data: 'The server did not understand that.',
  rate_limited: 'That was too much at once.',
  offline: 'You are offline.',
  timed_out: 'No answer came in time. Try again.',
  closed: 'The connection is closed.',
  unknown: 'That did not work.',
};

const roles: Readonly<Record<RoomSummary['role'], string>> = {
  owner: 'Owner',
  moderator: 'Moderator',
  member: 'Member',
  'read-only': 'Read-only',
};

export const en = {
  errors,
  roles,
  tryAgain: (when: string): string => `Try again ${when}.`,
  cancel: 'Cancel',
  close: 'Close',
  back: 'Back to the rooms',
  retry: 'Try again',
  more: 'More',
  loading: 'Loading…',

  signIn: {
    welcome: 'Welcome to Parley',
    people: 'Sign in as',
    as: (user: string): string => `Sign in as ${user}`,
    token: 'Token',
    tokenHint: 'Paste the token that you were given.',
    or: 'or with a token',
    stay: 'Stay signed in on this device',
    submit: 'Sign in',
    out: 'Sign out',
    unreachable: 'The settings of this page could not be loaded.',
  },

  connection: {
    label: 'Connection',
    connecting: 'Connecting…',
    recovering: 'Catching up…',
    offline: 'You are offline.',
    nextAttempt: (when: string): string => `Next attempt ${when}.`,
    retryNow: 'Try now',
    failed: 'The connection has ended for good.',
    again: 'Connect again',
    problem: 'Something went wrong on the way. What you see may be incomplete until you reload.',
  },

  rooms: {
    title: 'Rooms',
    search: 'Search rooms',
    none: 'No rooms yet. Create one, or join one that is public.',
    noMatch: 'No room of this name.',
    add: 'Create or join',
    create: 'New room…',
    browse: 'Browse public rooms…',
    direct: 'Direct message…',
    notes: 'Notes to myself',
    unread: (count: number): string =>
      plural(count, { one: '# unread message', other: '# unread messages' }),
    mentions: (count: number): string => plural(count, { one: '# mention', other: '# mentions' }),
    online: (count: number): string => `${plural(count, { one: '#', other: '#' })} online`,
    preview: (user: string, text: string): string => `${user}: ${text}`,
    you: 'You',
    deleted: 'Message deleted',
    choose: 'Choose a room to begin.',
    gone: 'This room does not exist, or you are not in it.',
    join: 'Join this room',
  },

  presence: {
    online: 'Online',
    offline: 'Offline',
    lastSeen: (ago: string): string => `Last seen ${ago}`,
  },

  timeline: {
    label: (room: string): string => `Messages in ${room}`,
    unread: 'New messages',
    jumpToUnread: (count: number): string =>
      plural(count, { one: '# unread message above', other: '# unread messages above' }),
    latest: 'Jump to latest',
    latestWith: (count: number): string =>
      plural(count, {
        one: 'Jump to latest, # new message',
        other: 'Jump to latest, # new messages',
      }),
    start: 'This is where the conversation begins.',
    empty: 'Nothing here yet. Say hello!',
    older: 'Loading older messages…',
    failed: 'Messages could not be loaded.',
    typing: (names: string, count: number): string =>
      count === 1 ? `${names} is typing…` : `${names} are typing…`,
    manyTyping: 'Several people are typing…',
    seenBy: (names: string): string => `Seen by ${names}`,
    others: (count: number): string => plural(count, { one: '# other', other: '# others' }),
    announced: (user: string, text: string): string => `${user}: ${text}`,
    announcedMany: (count: number): string =>
      plural(count, { one: '# new message', other: '# new messages' }),
  },

  message: {
    edited: 'edited',
    deleted: 'This message was deleted.',
    sending: 'Sending…',
    failed: 'Not sent.',
    discard: 'Discard',
    pinned: 'Pinned',
    actions: 'Actions',
    react: 'React',
    reply: 'Reply',
    edit: 'Edit',
    pin: 'Pin',
    unpin: 'Unpin',
    copy: 'Copy text',
    remove: 'Delete…',
    removeTitle: 'Delete this message?',
    removeHint: 'It is erased for everybody and cannot be brought back.',
    removeConfirm: 'Delete',
    inReplyTo: 'In reply to',
    earlier: 'an earlier message',
    reactions: 'Reactions',
    reaction: (emoji: string, count: string, names: string): string =>
      `${emoji} ${count}: ${names}`,
    otherEmoji: 'Another emoji',
    addReaction: 'Add',
  },

  notices: {
    joined: (user: string): string => `${user} joined`,
    invited: (user: string, by: string): string => `${by} brought ${user} in`,
    left: (user: string): string => `${user} left`,
    kicked: (user: string, by: string): string => `${by} removed ${user}`,
    banned: (user: string, by: string): string => `${by} banned ${user}`,
    renamed: (by: string, name: string): string => `${by} named the room “${name}”`,
    role: (user: string, role: string, by: string): string => `${by} gave ${user} the role ${role}`,
  },

  composer: {
    label: (room: string): string => `Message to ${room}`,
    placeholder: (room: string): string => `Message ${room}`,
    send: 'Send',
    save: 'Save',
    editing: 'Editing a message',
    replyingTo: (user: string): string => `Replying to ${user}`,
    left: (count: number): string =>
      count < 0
        ? plural(-count, { one: '# character too many', other: '# characters too many' })
        : plural(count, { one: '# character left', other: '# characters left' }),
    readOnly: 'You may read here, not write.',
    people: 'People to mention',
  },

  members: {
    title: 'Members',
    show: 'Members',
    hide: 'Close members',
    invite: 'Invite…',
    you: 'you',
    muted: 'muted',
    menu: (user: string): string => `Actions for ${user}`,
    message: 'Send a direct message',
    role: (role: string): string => `Make ${role.toLowerCase()}`,
    mute: 'Mute…',
    unmute: 'Unmute',
    kick: 'Remove…',
    ban: 'Ban…',
    kickTitle: (user: string): string => `Remove ${user} from this room?`,
    kickHint: 'Who was removed may come back.',
    banTitle: (user: string): string => `Ban ${user} from this room?`,
    banHint: 'Who is banned stays out until you lift the ban.',
    kickConfirm: 'Remove',
    banConfirm: 'Ban',
    muteTitle: (user: string): string => `Mute ${user}`,
    muteFor: 'For how long',
    muteConfirm: 'Mute',
  },

  room: {
    settings: 'Room settings',
    pinned: 'Pinned messages',
    noPinned: 'Nothing is pinned among the messages that are loaded.',
    rename: 'Name',
    renameSubmit: 'Rename',
    slow: 'Pause between two messages of a member',
    slowOff: 'None',
    slowSubmit: 'Set',
    unban: 'Lift a ban',
    unbanSubmit: 'Lift',
    username: 'Username',
    saved: 'Done.',
    leave: 'Leave this room…',
    leaveTitle: 'Leave this room?',
    leaveHint: 'You will not receive its messages any more.',
    leaveConfirm: 'Leave',
  },

  create: {
    title: 'New room',
    name: 'Name',
    kind: 'Who may come in',
    private: 'Private: by invitation',
    public: 'Public: everybody may join',
    submit: 'Create',
  },

  browse: {
    title: 'Public rooms',
    none: 'There are no public rooms.',
    join: 'Join',
    joinNamed: (room: string): string => `Join ${room}`,
    open: 'Open',
    openNamed: (room: string): string => `Open ${room}`,
  },

  direct: {
    title: 'Direct message',
    hint: 'Your own name opens a place for notes.',
    submit: 'Open',
  },

  invite: {
    title: (room: string): string => `Invite to ${room}`,
    submit: 'Invite',
    done: (user: string): string => `${user} is in.`,
  },

  switcher: {
    title: 'Go to room',
    label: 'Name of the room',
  },

  settings: {
    title: 'Settings',
    language: 'Language',
    shortcuts: 'Keyboard shortcuts',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    switcher: 'Go to another room',
    help: 'Show these shortcuts',
    escape: 'Close what is open, end editing, jump to latest',
    editLast: 'Edit your last message, in an empty box',
    send: 'Send',
    newline: 'New line',
    move: 'Move among messages, rooms, members',
    inside: 'Move to what is in a message',
    menu: 'Actions of a message',
    composer: 'Write a message',
  },
};
