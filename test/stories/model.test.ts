import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Entry } from '../../protocol/replies.ts';
import { openChat, type TestChat } from '../support/chat.ts';
import type { Device, Frame } from '../support/device.ts';

/**
 * Goal: whatever people do, in whatever order, with drops and retries, everybody ends with the same
 * room. Method: random commands run against the real chat and against a room kept in memory, the
 * oracle; after each run all devices, the log and the oracle must agree. A failure prints the commands
 * and the seed.
 */
interface OracleMessage {
  readonly author: string;
  text: string;
  deleted: boolean;
  pinned: boolean;
  reactions: Map<string, Set<string>>;
}

/** The oracle: what the room should be. */
interface Model {
  /** By seq; undefined where the entry is no message. */
  readonly entries: (OracleMessage | undefined)[];
}

/** A client that keeps a copy of the log, from broadcasts and `sync` alone. */
interface Person {
  readonly user: string;
  device: Device;
  readonly copy: Map<number, Entry>;
  online: boolean;
}

interface Real {
  readonly chat: TestChat;
  readonly room: string;
  readonly people: Person[];
  readonly stranger: Device;
}

const EMOJI = ['👍', '🎉'];
const RUNS = 15;
const COMMANDS = 40;

const head = ({ copy }: Person) => {
  let last = 0;
  while (copy.has(last + 1)) last += 1;
  return last;
};

function absorb(person: Person, room: string): void {
  for (const frame of person.device.frames) {
    const entry = (frame.message ?? frame['entry']) as Entry | undefined;
    if (frame.status === 'success' && entry?.room === room) person.copy.set(entry.seq, entry);
  }
}

async function catchUp(real: Real, person: Person): Promise<void> {
  absorb(person, real.room);
  for (let more = true; more;) {
    const reply = await person.device.ask({ action: 'sync', rooms: { [real.room]: head(person) } });
    const synced = (reply['rooms'] as Record<string, { entries: Entry[]; more?: true }>)[real.room];
    for (const entry of synced?.entries ?? []) person.copy.set(entry.seq, entry);
    more = synced?.more ?? false;
  }
}

/** One command: who does what. What is impossible at that moment is refused, by chat and oracle alike. */
type Command = fc.AsyncCommand<Model, Real, true>;

const acting = async (real: Real, who: number, frame: object) => {
  const person = real.people[who % real.people.length];
  if (person === undefined || !person.online) return undefined;
  const reply = await person.device.ask({ ...frame, room: real.room });
  return { person, reply };
};

const say = (who: number, text: string, repeat: boolean): Command => ({
  check: async () => true,
  toString: () => `say(${who}, ${JSON.stringify(text)}, repeat: ${repeat})`,
  async run(model, real) {
    const done = await acting(real, who, { action: 'new_message', text });
    if (done === undefined) return;
    expect(done.reply.message).toMatchObject({ seq: model.entries.length + 1, text });
    const { user } = done.person;
    model.entries.push({ author: user, text, deleted: false, pinned: false, reactions: new Map() });
    if (!repeat) return;
    const { uuid } = done.reply;
    const again = await acting(real, who, { uuid, action: 'new_message', text });
    expect(again?.reply.message?.seq).toBe(done.reply.message?.seq);
  },
});

/** An action on one of the messages so far. */
const about = (
  name: string,
  who: number,
  which: number,
  frame: object,
  apply: (message: OracleMessage, user: string) => boolean,
): Command => ({
  check: async (model) => model.entries.some((entry) => entry !== undefined),
  toString: () => `${name}(${who}, ${which}, ${JSON.stringify(frame)})`,
  async run(model, real) {
    const seqs = model.entries.flatMap((entry, index) => (entry ? [index + 1] : []));
    const target = seqs[which % seqs.length] ?? 0;
    const message = model.entries[target - 1];
    const done = await acting(real, who, { ...frame, target });
    if (done === undefined || message === undefined) return;
    const allowed = !message.deleted && apply(message, done.person.user);
    expect(done.reply.status).toBe(allowed ? 'success' : 'error');
    if (allowed) model.entries.push(undefined);
  },
});

const edit = (who: number, which: number, text: string) =>
  about('edit', who, which, { action: 'edit_message', text }, (message, user) => {
    if (message.author === user) message.text = text;
    return message.author === user;
  });

const remove = (who: number, which: number) =>
  about('delete', who, which, { action: 'delete_message' }, (message, user) => {
    if (message.author === user) message.deleted = true;
    return message.author === user;
  });

const react = (who: number, which: number, emoji: string, away: boolean) =>
  about('react', who, which, { action: 'react', emoji, remove: away }, (message, user) => {
    const users = message.reactions.get(emoji) ?? new Set();
    if (away) users.delete(user);
    else users.add(user);
    message.reactions.set(emoji, users);
    return true;
  });

const pin = (who: number, which: number, pinned: boolean) =>
  about('pin', who, which, { action: 'pin', pinned }, (message) => {
    message.pinned = pinned;
    return true;
  });

const drop = (who: number): Command => ({
  check: async () => true,
  toString: () => `drop(${who})`,
  async run(_model, real) {
    const person = real.people[who % real.people.length];
    if (person === undefined || !person.online) return;
    absorb(person, real.room);
    person.online = false;
    person.device.cut();
    await person.device.closed;
  },
});

const comeBack = (who: number): Command => ({
  check: async () => true,
  toString: () => `comeBack(${who})`,
  async run(_model, real) {
    const person = real.people[who % real.people.length];
    if (person === undefined || person.online) return;
    person.device = await real.chat.signIn(person.user, ['batch']);
    person.online = true;
    await catchUp(real, person);
  },
});

const who = fc.nat(8);
/** Few messages, so that much happens to each. */
const which = fc.nat(2);
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((one) => one.trim() !== '');
const commands = fc.array<Command>(
  fc.oneof(
    // Twice, so that there is something to talk about.
    fc.tuple(who, text, fc.boolean()).map((args) => say(...args)),
    fc.tuple(who, text, fc.boolean()).map((args) => say(...args)),
    fc.tuple(who, which, text).map((args) => edit(...args)),
    fc.tuple(who, which).map((args) => remove(...args)),
    fc.tuple(who, which, fc.constantFrom(...EMOJI), fc.boolean()).map((args) => react(...args)),
    fc.tuple(who, which, fc.boolean()).map((args) => pin(...args)),
    who.map(drop),
    who.map(comeBack),
    who.map(comeBack),
  ),
  // `fc.commands` would draw mostly short runs, in which nothing happens.
  { minLength: COMMANDS / 2, maxLength: COMMANDS, size: 'max' },
);

/** What a person's screen shows: messages with everything that happened to them applied. */
function shown(copy: ReadonlyMap<number, Entry>) {
  const screen = new Map<
    number,
    { text: string; deleted: boolean; pinned: boolean; reactions: Record<string, string[]> }
  >();
  for (const entry of [...copy.values()].toSorted((a, b) => a.seq - b.seq)) {
    const target = screen.get(entry.target ?? 0);
    if (entry.kind === 'message') {
      screen.set(entry.seq, {
        text: entry.text ?? '',
        deleted: false,
        pinned: false,
        reactions: {},
      });
    } else if (target !== undefined) {
      if (entry.kind === 'edit') target.text = entry.text ?? '';
      if (entry.kind === 'delete') Object.assign(target, { text: '', deleted: true });
      if (entry.kind === 'pin') target.pinned = entry.pinned === true;
      if (entry.kind === 'reaction') {
        const users = (target.reactions[entry.emoji ?? ''] ?? []).filter(
          (user) => user !== entry.user.username,
        );
        if (entry.remove !== true) users.push(entry.user.username);
        const { [entry.emoji ?? '']: _, ...others } = target.reactions;
        target.reactions = users.length > 0 ? { ...others, [entry.emoji ?? '']: users } : others;
      }
    }
  }
  return screen;
}

/** The same of the history, where later entries are applied already. */
const history = (reply: Frame | undefined) =>
  new Map(
    ((reply?.['entries'] ?? []) as Entry[])
      .filter(({ kind }) => kind === 'message')
      .map(({ seq, text: said = '', deleted, pinned = false, reactions = {} }) => [
        seq,
        { text: said, deleted: deleted !== undefined, pinned, reactions },
      ]),
  );

const expected = ({ entries }: Model) =>
  new Map(
    entries.flatMap((message, index) =>
      message === undefined
        ? []
        : [
            [
              index + 1,
              {
                text: message.deleted ? '' : message.text,
                deleted: message.deleted,
                pinned: message.pinned,
                reactions: Object.fromEntries(
                  [...message.reactions]
                    .filter(([, users]) => users.size > 0)
                    .map(([emoji, users]) => [emoji, [...users]]),
                ),
              },
            ] as const,
          ],
    ),
  );

test('[L1] [S2] [M6] after any actions, drops and retries, all devices, the log and the oracle agree', async () => {
  const chat = await openChat();
  let said = 0;
  try {
    await fc.assert(
      fc.asyncProperty(commands, async (run) => {
        const room = await chat.directory.addRoom('Model', ['alice', 'bob']);
        const people = await Promise.all(
          ['alice', 'bob', 'alice'].map(async (user) => ({
            user,
            copy: new Map<number, Entry>(),
            online: true,
            device: await chat.signIn(user, ['batch']),
          })),
        );
        const real: Real = { chat, room, people, stranger: await chat.signIn('carol') };
        const model: Model = { entries: [] };
        await fc.asyncModelRun(() => ({ model, real }), run);

        await chat.settles();
        for (const [index, person] of people.entries()) {
          await comeBack(index).run(model, real);
          await catchUp(real, person);
          expect([...person.copy.keys()].toSorted((a, b) => a - b)).toEqual(
            model.entries.map((_, at) => at + 1),
          );
          expect(shown(person.copy)).toEqual(expected(model));
        }
        expect(history(await people[0]?.device.ask({ action: 'history', room, after: 0 }))).toEqual(
          expected(model),
        );
        expect((await chat.log(room)).map((row) => Number(row['seq']))).toEqual(
          model.entries.map((_, at) => at + 1),
        );
        expect(real.stranger.frames.filter((frame) => frame.room === room)).toEqual([]);
        said += model.entries.length;
        for (const person of people) await person.device.close();
        await real.stranger.close();
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(said).toBeGreaterThan(5 * RUNS);
  } finally {
    await chat.close();
  }
}, 120_000);
