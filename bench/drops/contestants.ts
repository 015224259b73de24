import type { Contestant } from './contestant.ts';
import { parley } from './parley.ts';
import { socketIo } from './socket-io.ts';

/** Everybody who takes part, by the name that figures have. */
export const CONTESTANTS: Readonly<Record<string, Contestant>> = {
  Parley: parley,
  'Socket.IO': socketIo(false),
  'Socket.IO, recovery': socketIo(true),
};

/** Throws when there is none of this name. */
export function contestantNamed(name: string): Contestant {
  const contestant = CONTESTANTS[name];
  if (contestant === undefined) throw new Error(`There is no contestant ${name}`);
  return contestant;
}
