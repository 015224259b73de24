/** German. */
import type { RoomSummary } from '../../../client/index.ts';
import { createPlural } from './plural.ts';
import type { RefusalCode } from './refusal-code.ts';
import type { Words } from './words.ts';

const plural = createPlural('de');

const errors: Readonly<Record<RefusalCode, string>> = {
  invalid_message_format: 'Der Server hat das nicht verstanden.',
  invalid_payload: 'Der Server weiß nicht, wie das geht.',
  invalid_token: 'Dieser Schlüssel ist falsch, abgelaufen oder widerrufen.',
  authentication_required: 'Melde dich zuerst an.',
  invalid_room_id: 'Diesen Raum gibt es nicht, oder du bist nicht darin.',
  empty_text: 'Es gibt nichts zu senden.',
  invalid_json: 'Der Server hat das nicht verstanden.',
  invalid_uuid: 'Der Server hat das nicht verstanden.',
  invalid_text: 'Dieser Text enthält Zeichen, die nicht gesendet werden können.',
  text_too_long: 'Diese Nachricht ist zu lang.',
  invalid_target: 'Diese Nachricht gibt es nicht mehr.',
  forbidden: 'Das darfst du hier nicht.',
  invalid_reply_to: 'Die Nachricht, auf die du antwortest, gibt es nicht mehr.',
  invalid_mentions: 'Es sind zu viele Personen erwähnt.',
  invalid_meta: 'An dieser Nachricht hängt zu viel.',
  invalid_if_head: 'Der Server hat das nicht verstanden.',
  head_moved: 'Andere waren schneller. Versuche es noch einmal.',
  invalid_emoji: 'Das ist zu lang für eine Reaktion.',
  too_many_reactions: 'Mehr Reaktionen trägt diese Nachricht nicht.',
  too_many_edits: 'Diese Nachricht wurde zu oft bearbeitet.',
  invalid_page: 'Der Server hat das nicht verstanden.',
  invalid_rooms: 'Der Server hat das nicht verstanden.',
  unknown_user: 'Niemand heißt so.',
  unknown_member: 'Niemand im Raum heißt so.',
  banned: 'Aus diesem Raum verbannt.',
  too_many_rooms: 'Das sind zu viele Räume für eine Person.',
  last_owner: 'Den Raum besitzt sonst niemand. Mache zuerst jemand anderen zum Besitzer.',
  invalid_mark: 'Der Server hat das nicht verstanden.',
  invalid_list: 'Der Server hat das nicht verstanden.',
  muted: 'Du bist in diesem Raum stummgeschaltet.',
  slow_mode: 'In diesem Raum liegen Pausen zwischen den Nachrichten.',
  invalid_name: 'Ein Name hat 1 bis 100 sichtbare Zeichen.',
  invalid_kind: 'Der Server hat das nicht verstanden.',
  invalid_role: 'Der Server hat das nicht verstanden.',
  invalid_seconds: 'Das ist zu lang.',
  invalid_data: 'Der Server hat das nicht verstanden.',
  rate_limited: 'Das war zu viel auf einmal.',
  offline: 'Du bist offline.',
  timed_out: 'Es kam keine Antwort. Versuche es noch einmal.',
  closed: 'Die Verbindung ist beendet.',
  unknown: 'Das hat nicht geklappt.',
};

const roles: Readonly<Record<RoomSummary['role'], string>> = {
  owner: 'Besitzer',
  moderator: 'Moderator',
  member: 'Mitglied',
  'read-only': 'Leser',
};

export const de: Words = {
  errors,
  roles,
  tryAgain: (when) => `Versuche es ${when} noch einmal.`,
  cancel: 'Abbrechen',
  close: 'Schließen',
  back: 'Zurück zu den Räumen',
  retry: 'Noch einmal',
  more: 'Mehr',
  loading: 'Wird geladen…',

  signIn: {
    welcome: 'Willkommen bei Parley',
    people: 'Anmelden als',
    as: (user) => `Als ${user} anmelden`,
    token: 'Schlüssel',
    tokenHint: 'Füge den Schlüssel ein, den du bekommen hast.',
    or: 'oder mit einem Schlüssel',
    stay: 'Auf diesem Gerät angemeldet bleiben',
    submit: 'Anmelden',
    out: 'Abmelden',
    unreachable: 'Die Einstellungen dieser Seite konnten nicht geladen werden.',
  },

  connection: {
    label: 'Verbindung',
    connecting: 'Verbindung wird aufgebaut…',
    recovering: 'Verpasstes wird geholt…',
    offline: 'Du bist offline.',
    nextAttempt: (when) => `Nächster Versuch ${when}.`,
    retryNow: 'Jetzt versuchen',
    failed: 'Die Verbindung ist endgültig beendet.',
    again: 'Neu verbinden',
    problem:
      'Unterwegs ist etwas schiefgegangen. Was du siehst, ist vielleicht unvollständig, bis du neu lädst.',
  },

  rooms: {
    title: 'Räume',
    search: 'Räume durchsuchen',
    none: 'Noch keine Räume. Lege einen an, oder tritt einem öffentlichen bei.',
    noMatch: 'Kein Raum heißt so.',
    add: 'Anlegen oder beitreten',
    create: 'Neuer Raum…',
    browse: 'Öffentliche Räume…',
    direct: 'Direktnachricht…',
    notes: 'Notizen an mich',
    unread: (count) =>
      plural(count, { one: '# ungelesene Nachricht', other: '# ungelesene Nachrichten' }),
    mentions: (count) => plural(count, { one: '# Erwähnung', other: '# Erwähnungen' }),
    online: (count) => plural(count, { one: '# online', other: '# online' }),
    preview: (user, text) => `${user}: ${text}`,
    you: 'Du',
    deleted: 'Nachricht gelöscht',
    choose: 'Wähle einen Raum.',
    gone: 'Diesen Raum gibt es nicht, oder du bist nicht darin.',
    join: 'Diesem Raum beitreten',
  },

  presence: {
    online: 'Online',
    offline: 'Offline',
    lastSeen: (ago) => `Zuletzt ${ago} da`,
  },

  timeline: {
    label: (room) => `Nachrichten in ${room}`,
    unread: 'Neue Nachrichten',
    jumpToUnread: (count) =>
      plural(count, {
        one: '# ungelesene Nachricht weiter oben',
        other: '# ungelesene Nachrichten weiter oben',
      }),
    latest: 'Zur neuesten Nachricht',
    latestWith: (count) =>
      plural(count, {
        one: 'Zur neuesten Nachricht, # neue',
        other: 'Zur neuesten Nachricht, # neue',
      }),
    start: 'Hier beginnt die Unterhaltung.',
    empty: 'Noch nichts. Sag Hallo!',
    older: 'Ältere Nachrichten werden geladen…',
    failed: 'Nachrichten konnten nicht geladen werden.',
    typing: (names, count) => (count === 1 ? `${names} schreibt…` : `${names} schreiben…`),
    manyTyping: 'Mehrere schreiben…',
    seenBy: (names) => `Gelesen von ${names}`,
    others: (count) => plural(count, { one: '# weiteren', other: '# weiteren' }),
    announced: (user, text) => `${user}: ${text}`,
    announcedMany: (count) =>
      plural(count, { one: '# neue Nachricht', other: '# neue Nachrichten' }),
  },

  message: {
    edited: 'bearbeitet',
    deleted: 'Diese Nachricht wurde gelöscht.',
    sending: 'Wird gesendet…',
    failed: 'Nicht gesendet.',
    discard: 'Verwerfen',
    pinned: 'Angeheftet',
    actions: 'Aktionen',
    react: 'Reagieren',
    reply: 'Antworten',
    edit: 'Bearbeiten',
    pin: 'Anheften',
    unpin: 'Lösen',
    copy: 'Text kopieren',
    remove: 'Löschen…',
    removeTitle: 'Diese Nachricht löschen?',
    removeHint: 'Sie wird für alle gelöscht und lässt sich nicht zurückholen.',
    removeConfirm: 'Löschen',
    inReplyTo: 'Antwort auf',
    earlier: 'eine frühere Nachricht',
    reactions: 'Reaktionen',
    reaction: (emoji, count, names) => `${emoji} ${count}: ${names}`,
    otherEmoji: 'Ein anderes Emoji',
    addReaction: 'Hinzufügen',
  },

  notices: {
    joined: (user) => `${user} ist beigetreten`,
    invited: (user, by) => `${by} hat ${user} dazugeholt`,
    left: (user) => `${user} ist gegangen`,
    kicked: (user, by) => `${by} hat ${user} entfernt`,
    banned: (user, by) => `${by} hat ${user} verbannt`,
    renamed: (by, name) => `${by} hat den Raum „${name}“ genannt`,
    role: (user, role, by) => `${by} hat ${user} die Rolle ${role} gegeben`,
  },

  composer: {
    label: (room) => `Nachricht an ${room}`,
    placeholder: (room) => `Nachricht an ${room}`,
    send: 'Senden',
    save: 'Speichern',
    editing: 'Nachricht bearbeiten',
    replyingTo: (user) => `Antwort an ${user}`,
    left: (count) =>
      count < 0
        ? plural(-count, { one: '# Zeichen zu viel', other: '# Zeichen zu viel' })
        : plural(count, { one: 'noch # Zeichen', other: 'noch # Zeichen' }),
    readOnly: 'Hier darfst du lesen, nicht schreiben.',
    people: 'Personen, die du erwähnen kannst',
  },

  members: {
    title: 'Mitglieder',
    show: 'Mitglieder',
    hide: 'Mitglieder schließen',
    invite: 'Einladen…',
    you: 'du',
    muted: 'stumm',
    menu: (user) => `Aktionen für ${user}`,
    message: 'Direktnachricht senden',
    role: (role) => `Zum ${role} machen`,
    mute: 'Stummschalten…',
    unmute: 'Stummschaltung aufheben',
    kick: 'Entfernen…',
    ban: 'Verbannen…',
    kickTitle: (user) => `${user} aus diesem Raum entfernen?`,
    kickHint: 'Wer entfernt wurde, darf wiederkommen.',
    banTitle: (user) => `${user} aus diesem Raum verbannen?`,
    banHint: 'Wer verbannt ist, bleibt draußen, bis du den Bann aufhebst.',
    kickConfirm: 'Entfernen',
    banConfirm: 'Verbannen',
    muteTitle: (user) => `${user} stummschalten`,
    muteFor: 'Für wie lange',
    muteConfirm: 'Stummschalten',
  },

  room: {
    settings: 'Raumeinstellungen',
    pinned: 'Angeheftete Nachrichten',
    noPinned: 'Unter den geladenen Nachrichten ist keine angeheftet.',
    rename: 'Name',
    renameSubmit: 'Umbenennen',
    slow: 'Pause zwischen zwei Nachrichten eines Mitglieds',
    slowOff: 'Keine',
    slowSubmit: 'Festlegen',
    unban: 'Einen Bann aufheben',
    unbanSubmit: 'Aufheben',
    username: 'Benutzername',
    saved: 'Erledigt.',
    leave: 'Diesen Raum verlassen…',
    leaveTitle: 'Diesen Raum verlassen?',
    leaveHint: 'Du bekommst seine Nachrichten dann nicht mehr.',
    leaveConfirm: 'Verlassen',
  },

  create: {
    title: 'Neuer Raum',
    name: 'Name',
    kind: 'Wer hineindarf',
    private: 'Privat: mit Einladung',
    public: 'Öffentlich: alle dürfen beitreten',
    submit: 'Anlegen',
  },

  browse: {
    title: 'Öffentliche Räume',
    none: 'Es gibt keine öffentlichen Räume.',
    join: 'Beitreten',
    joinNamed: (room) => `${room} beitreten`,
    open: 'Öffnen',
    openNamed: (room) => `${room} öffnen`,
  },

  direct: {
    title: 'Direktnachricht',
    hint: 'Dein eigener Name öffnet einen Platz für Notizen.',
    submit: 'Öffnen',
  },

  invite: {
    title: (room) => `Zu ${room} einladen`,
    submit: 'Einladen',
    done: (user) => `${user} ist dabei.`,
  },

  switcher: {
    title: 'Zum Raum',
    label: 'Name des Raums',
  },

  settings: {
    title: 'Einstellungen',
    language: 'Sprache',
    shortcuts: 'Tastenkürzel',
  },

  shortcuts: {
    title: 'Tastenkürzel',
    switcher: 'In einen anderen Raum gehen',
    help: 'Diese Kürzel zeigen',
    escape: 'Schließen, was offen ist; Bearbeiten beenden; zur neuesten Nachricht',
    editLast: 'Die letzte eigene Nachricht bearbeiten, im leeren Feld',
    send: 'Senden',
    newline: 'Neue Zeile',
    move: 'Zwischen Nachrichten, Räumen, Mitgliedern wechseln',
    inside: 'Zu dem, was in einer Nachricht steht',
    menu: 'Aktionen einer Nachricht',
    composer: 'Eine Nachricht schreiben',
  },
};
