import { parseArgs } from 'node:util';

import { createChat } from '../client/index.ts';
import { createScreen } from '../terminal/screen.ts';
import { startSession } from '../terminal/session.ts';
import { openChat } from './admin-directory.ts';
import { calledAs, exitOnSignal, fail, runCommand } from './command.ts';

/** `npm run chat`: a chat on a terminal, or in a pipe. */
const USAGE = `${calledAs('chat')} [--url URL] [--token TOKEN] [--user NAME] [--room ROOM] [--json] [--follow]

  --url URL      wss://…, as the stack's output WebSocketUrl names it; the local demo unless told otherwise
  --token TOKEN  who is signed in; better in the variable PARLEY_TOKEN, where no list of processes shows it
  --user NAME    in the local demo, as whom instead; alice unless told otherwise
  --room ROOM    its name or id; the room last spoken in unless told otherwise
  --json         prints one JSON object a line
  --follow       goes on when the input has ended

  Each line of the input is a message, or a command: /help lists them.`;

const DEMO = { websocket: 'ws://127.0.0.1:4000/prod', endpoint: 'http://127.0.0.1:4000' };

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      user: { type: 'string', default: 'alice' },
      room: { type: 'string' },
      json: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: false },
    },
  });
  const { url = DEMO.websocket, room } = values;
  const token = values.token ?? process.env['PARLEY_TOKEN'] ?? (await demoToken(values));
  const screen = createScreen(process.stdin, process.stdout, process.stderr);
  const chat = openClient(url, token);
  const end = async () => {
    screen.close();
    await chat.close();
  };
  exitOnSignal({ close: end });
  chat.on('connection', ({ name }) => {
    if (name === 'failed') void end().then(() => process.exit(1));
  });
  const session = await startSession({
    chat,
    screen,
    json: values.json,
    ...(room === undefined ? {} : { room }),
  });
  for await (const line of screen.lines()) if (!(await session.take(line))) break;
  const sent = await session.drained();
  if (values.follow) return;
  await end();
  process.exit(sent ? 0 : 1);
});

/** A URL that must not be spoken to is one line, not a stack. */
function openClient(url: string, token: string) {
  try {
    return createChat({ url, token: () => token, tabs: 'single' });
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** A token of somebody of the local demo, which whoever is on this machine may have. */
async function demoToken({ url, user }: { url?: string; user: string }): Promise<string> {
  if (url !== undefined) fail('Say who you are: --token TOKEN, or the variable PARLEY_TOKEN');
  const { directory } = await openChat({ stack: 'Parley', endpoint: DEMO.endpoint });
  try {
    return await directory.issueToken(user, 1);
  } catch (error) {
    return fail((error as Error).message);
  }
}
