import type { ConnectionState } from '../client/index.ts';
import type { Happening } from './happenings.ts';

/** What a script reads: one JSON object a line, its `type` first. */
export const jsonLine = (
  object: Readonly<Record<string, unknown>> & { readonly type: string },
): string => JSON.stringify(object);

export function happeningJson(happening: Happening): string {
  if (happening.type === 'gap') return jsonLine(happening);
  if (happening.type === 'notice') {
    return jsonLine({ type: 'notice', room: happening.room, ...happening.notice });
  }
  const { type, room, message } = happening;
  const { key: _, reactions, ...rest } = message;
  return jsonLine({ type, room, ...rest, reactions: Object.fromEntries(reactions) });
}

export const connectionJson = ({ name, ...rest }: ConnectionState): string =>
  jsonLine({ type: 'connection', state: name, ...rest });
