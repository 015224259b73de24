/** The people and rooms of one schedule, made anew for it while nothing goes wrong. */
import type { Recorder } from '../recorder.ts';
import type { Arena } from './arena.ts';
import type { LeapingClock } from './leaping-clock.ts';
import type { Plan } from './plan.ts';
import { openPlainDevice, type PlainDevice } from './plain-device.ts';

export interface Person {
  readonly name: string;
  readonly token: string;
}

export interface Cast {
  readonly people: readonly Person[];
  readonly rooms: readonly string[];
  /** The owner's device, which made the rooms and goes on without any library. */
  readonly plain: PlainDevice;
}

/** Days. */
const TOKEN_DAYS = 1;

/** `prefix` is of this run of the schedule alone. */
export async function assemble(
  arena: Arena,
  plan: Plan,
  { prefix, clock, recorder }: { prefix: string; clock: LeapingClock; recorder: Recorder },
): Promise<Cast> {
  const { directory } = arena.chat;
  const people = await Promise.all(
    Array.from({ length: plan.users }, async (_, index) => {
      const name = `${prefix}-u${index}`;
      await directory.addUser(name);
      return { name, token: await directory.issueToken(name, TOKEN_DAYS) };
    }),
  );
  const [owner, ...others] = people;
  if (owner === undefined) throw new Error('Nobody is there');
  const plain = openPlainDevice({
    url: arena.url,
    token: owner.token,
    clock,
    recorder: recorder.device('plain', owner.name),
  });
  const make = async (name: string) => {
    const made = await plain.ask({ action: 'create_room', name, kind: 'public' });
    const room = String(made?.['room']);
    for (const { name: user } of others) await plain.ask({ action: 'invite', room, user });
    return room;
  };
  const rooms = await Promise.all(
    Array.from({ length: plan.rooms }, (_, index) => make(`Room ${index}`)),
  );
  return { people, rooms, plain };
}
