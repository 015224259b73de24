/**
 * Plays one plan: its people come together, do what the plan says while the plan's faults strike, and
 * then everything heals and comes to rest. The answer is the history, as it is to be checked.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { entriesOf, type History, type LogRow } from '../history.ts';
import { createMemberships } from '../memberships.ts';
import { createRecorder } from '../recorder.ts';
import type { Arena } from './arena.ts';
import { assemble, type Cast } from './cast.ts';
import { perform, type Stage } from './deeds.ts';
import { createDice } from './dice.ts';
import { createLeapingClock } from './leaping-clock.ts';
import { type LibraryDevice, openLibraryDevice } from './library-device.ts';
import { openPlainDevice } from './plain-device.ts';
import type { Plan } from './plan.ts';

export interface Played {
  readonly history: History;
  /** How often each fault was injected. */
  readonly faults: ReadonlyMap<string, number>;
}

/** How many times as fast as the machine the clients' time goes. */
const CLIENT_SCALE = 4;

/** Milliseconds of the clients' time that leap by with each millisecond of an action's pause. */
const PAUSE_SCALE = 50;

/**
 * When the cloud is quiet and somebody still waits, the clients' time leaps on, ever farther: by so many
 * milliseconds at first, and at most.
 */
const LEAP_MS = 500;
const LEAP_MAX_MS = 30_000;

/** Milliseconds of the machine's time for everybody to come to rest; more would be a violation of J10. */
const REST_MAX_MS = 20_000;
const LOOK_MS = 10;

/** Milliseconds of the machine's time that an action is waited for. */
const SETTLE_MAX_MS = 150;

/** How long it goes on going wrong when everything was done: so often so many milliseconds of the clients' time. */
const BAD_ROUNDS = 4;
const BAD_ROUND_MS = 1_500;

/** Whether there are sandboxes whose clocks are off. */
const hasSkew = ({ faults }: Plan): boolean => faults.some(({ fault }) => fault === 'clock-skew');

/**
 * `run` tells apart the runs of one plan in one arena. `patient`: everybody comes to rest after each action,
 * so that a plan without faults always does the same.
 */
export async function play(
  arena: Arena,
  plan: Plan,
  run: string,
  { patient = false }: { readonly patient?: boolean } = {},
): Promise<Played> {
  const clock = createLeapingClock(CLIENT_SCALE);
  const recorder = createRecorder(() => clock.now());
  const harness = recorder.device('harness', '');
  const cast = await assemble(arena, plan, { prefix: run, clock, recorder });
  const devices = plan.devices.flatMap((index, number) => {
    const person = cast.people[index];
    if (person === undefined) return [];
    const { name: user, token } = person;
    const dice = createDice(plan.seed, `device ${number}`);
    const random = () => dice.next();
    const own = { user, token, random, recorder: recorder.device(`d${number}`, user) };
    return [openLibraryDevice({ url: arena.url, rooms: cast.rooms, clock, ...own })];
  });
  const stage: Stage = { arena, cast, devices, clock, recorder };
  const { faults } = arena.chat.cloud;
  const before = faults.fired().at(-1);
  try {
    if (plan.calm) await rest(stage);
    for (const [index, rule] of plan.faults.entries()) {
      faults.add({ ...rule, name: `${plan.seed}/${index} ${rule.fault}` });
    }
    for (const [index, action] of plan.actions.entries()) {
      await perform(stage, action, index);
      await sleep(action.pauseMs);
      clock.leap(action.pauseMs * PAUSE_SCALE);
      if (patient) await rest(stage);
      if (action.settles) await within(arena.chat.cloud.settled(), SETTLE_MAX_MS);
    }
    for (let round = 0; round < BAD_ROUNDS; round += 1) {
      await within(arena.chat.cloud.settled(), SETTLE_MAX_MS);
      clock.leap(BAD_ROUND_MS);
    }
    const fired = faults.fired();
    const struck = fired.slice(before === undefined ? 0 : fired.lastIndexOf(before) + 1);
    faults.clear();
    // A sandbox whose clock is off stays so as long as it lives.
    if (hasSkew(plan)) arena.renewSandboxes();
    harness.add({ kind: 'healed' });
    for (const device of devices) device.up();
    const logs = await rest(stage);
    for (const device of devices) if (device.online) await device.finish();
    await listAll(stage);
    const inbox = new Map<string, string | undefined>();
    for (const room of cast.rooms) {
      for (const [entry, words] of await arena.inbox(room)) {
        const [user = '', uuid = ''] = entry.split('#');
        inbox.set(JSON.stringify([room, user, uuid]), words);
      }
    }
    const counts = new Map<string, number>();
    for (const { fault } of struck) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    return { history: { events: recorder.events, logs, inbox }, faults: counts };
  } finally {
    faults.clear();
    cast.plain.close();
    await Promise.all(devices.map((device) => device.close()));
    await within(arena.chat.cloud.settled());
  }
}

/** Waits until the cloud is quiet and everybody in a room is there and says no more. */
async function rest(stage: Stage): Promise<ReadonlyMap<string, readonly LogRow[]>> {
  const { arena, cast, devices, clock, recorder } = stage;
  const until = performance.now() + REST_MAX_MS;
  let leapMs = LEAP_MS;
  for (;;) {
    const happened = recorder.events.length;
    await within(arena.chat.cloud.settled());
    await sleep(LOOK_MS);
    const isLate = performance.now() > until;
    if (isLate || devices.every((device) => device.online)) {
      const logs = await readLogs(arena, cast);
      const isSaid = () => [cast.plain, ...devices].every((device) => device.settled());
      const isThere = () => haveAll(devices, cast.rooms, logs) && haveHeard(stage, logs);
      if (isLate || (isThere() && isSaid())) return logs;
    }
    // A leap over a frame that is on its way would be a time-out of the harness's own making.
    const isQuiet = recorder.events.slice(happened).every(({ kind }) => kind === 'shown');
    if (isQuiet) clock.leap(leapMs);
    leapMs = isQuiet ? Math.min(2 * leapMs, LEAP_MAX_MS) : LEAP_MS;
  }
}

/** Whether everybody is shown the newest message of each room he is in. */
function haveAll(
  devices: readonly LibraryDevice[],
  rooms: readonly string[],
  logs: ReadonlyMap<string, readonly LogRow[]>,
): boolean {
  const memberships = createMemberships({ events: [], logs, inbox: new Map() });
  const hasAll = (device: LibraryDevice, room: string) => {
    const log = logs.get(room) ?? [];
    const newest = log.findLast(({ kind }) => kind === 'message')?.seq;
    if (newest === undefined || !memberships.isIn(room, device.user, log.length + 1)) return true;
    device.load(room);
    return device.room(room).messages.findLast(({ seq }) => seq)?.seq === newest;
  };
  return devices.every((device) => rooms.every((room) => hasAll(device, room)));
}

/** Whether each device knows of the newest entry of each room that it is in and has loaded. */
function haveHeard(
  { cast, devices, recorder }: Stage,
  logs: ReadonlyMap<string, readonly LogRow[]>,
): boolean {
  const keyOf = (device: string, room: string, seq: number) => JSON.stringify([device, room, seq]);
  const heard = new Set(
    recorder.events.flatMap((event) =>
      entriesOf(event).map(({ room, seq }) => keyOf(event.device, room, seq)),
    ),
  );
  const memberships = createMemberships({ events: [], logs, inbox: new Map() });
  const hasHeard = (device: LibraryDevice, room: string) => {
    const head = logs.get(room)?.length ?? 0;
    const isIn = memberships.isIn(room, device.user, head + 1);
    return !isIn || !device.room(room).atEnd || heard.has(keyOf(device.name, room, head));
  };
  return devices.every((device) => cast.rooms.every((room) => hasHeard(device, room)));
}

const readLogs = async (arena: Arena, { rooms }: Cast) =>
  new Map(await Promise.all(rooms.map(async (room) => [room, await arena.log(room)] as const)));

/** What the list of rooms says to each person. */
async function listAll({ arena, cast, clock, recorder }: Stage) {
  await Promise.all(
    cast.people.map(async ({ name, token }, index) => {
      const own = recorder.device(`list${index}`, name);
      const device = openPlainDevice({ url: arena.url, token, clock, recorder: own });
      await within(device.ask({ action: 'list_rooms' }));
      device.close();
    }),
  );
}

/** Whatever does not come to rest must not keep the harness from saying so. */
async function within(work: Promise<unknown>, ms = REST_MAX_MS): Promise<void> {
  const ended = new AbortController();
  const late = sleep(ms, undefined, { signal: ended.signal }).catch(() => {});
  await Promise.race([work, late]);
  ended.abort();
}
