/** The server of a contestant, in a process of its own: `server.ts NAME ROOMS ROOM_SIZE`. Ends with its parent. */
import { contestantNamed } from './contestants.ts';

const [name = '', rooms = '', roomSize = ''] = process.argv.slice(2);
const { url, tokens, deploy } = await contestantNamed(name).serve(Number(rooms), Number(roomSize));
process.on('disconnect', () => process.exit());
process.on('message', () => void deploy().then(() => process.send?.({ deployed: true })));
process.send?.({ url, tokens });
