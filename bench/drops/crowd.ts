/**
 * All clients of one contestant: they join, somebody speaks in each room, the networks shake, and in the
 * end everybody gets time to see what he missed.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { type Contestant, type Joined, roomName, type Served, type Speaker } from './contestant.ts';
import { pause, type ShakyNetwork, startShakyNetwork } from './network.ts';
import { MESSAGE_MS, patienceMs, type Profile, seeded } from './profile.ts';
import { createWitness, type Seen, together, type Witness } from './witness.ts';

export interface CrowdResult extends Seen {
  readonly said: number;
  readonly confirmed: number;
  readonly breaks: number;
  /** Connections that ended though nobody had cut them. */
  readonly lost: number;
}

/** What goes on while the rooms talk; ends when it is over. */
export type Event = (members: readonly Member[], signal: AbortSignal) => Promise<void>;

export interface Member {
  readonly network: ShakyNetwork;
  readonly random: () => number;
}

interface Talk {
  readonly speaker: Speaker;
  readonly members: readonly (Member & { readonly joined: Joined; readonly witness: Witness })[];
  readonly said: Set<string>;
  readonly confirmed: Set<string>;
}

/** Clients that join at the same time; more would only queue. */
const JOINS = 16;

/** Milliseconds between two looks whether anything is missing still. */
const LOOK_MS = 200;

export async function runCrowd(
  contestant: Contestant,
  { url, tokens }: Pick<Served, 'url' | 'tokens'>,
  profile: Profile,
  event: Event,
): Promise<CrowdResult> {
  const talks: Talk[] = [];
  for (const [room, names] of tokens.entries()) {
    talks.push(await begin(contestant, url, roomName(room), names, profile));
  }
  const members = talks.flatMap((talk) => talk.members);
  const lostBefore = lostOf(members);
  const ending = new AbortController();
  const speaking = talks.map((talk) => speak(talk, profile, ending.signal));
  await event(members, ending.signal);
  ending.abort();
  await Promise.all(speaking);
  await untilSeen(talks, profile);
  const lost = lostOf(members) - lostBefore;
  const result = together(talks.flatMap(seenIn));
  await Promise.all(talks.map(end));
  const sum = (of: (talk: Talk) => number) => talks.reduce((total, talk) => total + of(talk), 0);
  return {
    ...result,
    said: sum(({ said }) => said.size),
    confirmed: sum(({ confirmed }) => confirmed.size),
    breaks: members.reduce((total, { network }) => total + network.breaks(), 0),
    lost,
  };
}

const lostOf = (members: readonly Member[]) =>
  members.reduce((total, { network }) => total + network.lost(), 0);

async function begin(
  contestant: Contestant,
  url: string,
  room: string,
  [own = '', ...others]: readonly string[],
  profile: Profile,
): Promise<Talk> {
  const { speed, seed } = profile;
  const join = async (token: string, index: number) => {
    const witness = createWitness();
    const network = await startShakyNetwork(url, witness);
    const shown = (id: string) => witness.shown(id, performance.now());
    const joined = await contestant.join({ url: network.url, room, token, speed, shown });
    return { network, joined, witness, random: seeded(hash(`${seed} ${room} ${index}`)) };
  };
  const members: Talk['members'][number][] = [];
  for (let from = 0; from < others.length; from += JOINS) {
    const group = others.slice(from, from + JOINS);
    members.push(...(await Promise.all(group.map((token, index) => join(token, from + index)))));
  }
  const speaker = await contestant.speak({ url, room, token: own, speed });
  return { speaker, members, said: new Set(), confirmed: new Set() };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

/** One message after the other, at a steady rate, whether or not the last one is confirmed. */
async function speak(talk: Talk, profile: Profile, signal: AbortSignal): Promise<void> {
  const { speaker, members, said, confirmed } = talk;
  const confirming: Promise<unknown>[] = [];
  while (!signal.aborted) {
    const id = `message ${said.size + 1}`;
    said.add(id);
    for (const { witness } of members) witness.said(id, performance.now());
    const confirm = () => void confirmed.add(id);
    // Whoever loses the connection first may never know, and says so.
    confirming.push(speaker.say(id).then(confirm, () => {}));
    await pause(MESSAGE_MS / profile.speed, signal);
  }
  // Of what the server never confirms nobody can say that it was lost.
  await Promise.race([
    Promise.all(confirming),
    sleep(patienceMs(profile), undefined, { ref: false }),
  ]);
}

const seenIn = ({ members, confirmed }: Talk) =>
  members.map(({ witness }) => witness.result(confirmed));

/** Until nothing is missing, or no more comes. The rooms talk on meanwhile, which is not counted any more. */
async function untilSeen(talks: readonly Talk[], profile: Profile): Promise<void> {
  const startedAt = performance.now();
  let saidAt = startedAt;
  for (let now = startedAt; now < startedAt + patienceMs(profile); now = performance.now()) {
    const { expected, delivered } = together(talks.flatMap(seenIn));
    if (delivered === expected) return;
    if (now - saidAt > MESSAGE_MS / profile.speed) {
      saidAt = now;
      for (const { speaker } of talks) void speaker.say(`later, at ${now}`).catch(() => {});
    }
    await sleep(LOOK_MS);
  }
}

async function end({ speaker, members }: Talk): Promise<void> {
  await Promise.all([speaker, ...members.map(({ joined }) => joined)].map((one) => one.close()));
  await Promise.all(members.map(({ network }) => network.close()));
}
