import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createLogLines } from '../emulator/index.ts';
import { tellingBill } from './bill-at-exit.ts';
import { exitOnSignal, portOption, runCommand } from './command.ts';
import { addDemo, type Demo } from './demo.ts';
import { faultsOption } from './faults-option.ts';
import { iamOption } from './iam-option.ts';
import { type LocalChat, startLocalChat, synthesize } from './local-chat.ts';
import { quotasOption } from './quotas-option.ts';
import { watchSources } from './watch.ts';
import { buildWeb } from './web-build.ts';
import { startWebServer } from './web-server.ts';

/** `npm start`: the chat on this machine, with people and rooms to try it with. */
const USAGE =
  'npm start -- [--port N] [--web-port N] [--dynamodb embedded|URL] [--data DIR] [--iam off|warn|enforce] [--quotas aws|off] [--faults FILE] [--meter] [--trace | --trace-content] [--watch] [--json]';

/** Of the web chat, unless told otherwise. */
const WEB_PORT = '3000';

/** Where the sources of the functions are, for `--watch`. */
const SOURCES = ['../lambdas', '../protocol'];

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4000' },
      'web-port': { type: 'string' },
      dynamodb: { type: 'string', default: 'embedded' },
      data: { type: 'string' },
      iam: { type: 'string', default: 'enforce' },
      quotas: { type: 'string', default: 'aws' },
      faults: { type: 'string' },
      meter: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      'trace-content': { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const port = portOption(values.port);
  const { seed, rules = [] } = faultsOption(values.faults);
  const page = buildWeb();
  const chat = await startLocalChat({
    port,
    dynamodb: values.dynamodb,
    ...(values.data === undefined ? {} : { dataDirectory: values.data }),
    iam: iamOption(values.iam),
    quotas: quotasOption(values.quotas),
    trace: values['trace-content'] ? 'content' : values.trace ? 'lines' : 'off',
    faults: { seed },
    // Standard output is for what was asked for; what functions and emulator say goes beside it.
    log: createLogLines({ write: (text) => process.stderr.write(text), now: Date.now }),
  });
  const out = values.json ? process.stderr : process.stdout;
  exitOnSignal(values.meter ? tellingBill(chat, chat.cloud, out) : chat);
  if (values.watch) watchFunctions(chat);
  const demo = await addDemo(chat.directory);
  // The people and rooms are there first, whatever goes wrong then.
  for (const rule of rules) chat.cloud.faults.add(rule);
  const web = await startWebServer({
    directory: await page,
    // Whoever takes any free port takes two.
    port: portOption(values['web-port'] ?? (port === 0 ? '0' : WEB_PORT)),
    config: {
      url: chat.cloud.apis[0]?.websocket ?? '',
      people: demo.users.map(({ username, token }) => ({ user: username, token })),
    },
  });
  const described = { ...describe(chat, demo), web: web.url };
  process.stdout.write(values.json ? `${JSON.stringify(described)}\n` : welcome(described));
});

/** The functions take up their new code whenever a source of theirs is saved. */
function watchFunctions({ cloud }: LocalChat): void {
  watchSources({
    cloud,
    folders: SOURCES.map((path) => ({
      directory: fileURLToPath(new URL(path, import.meta.url)),
    })),
    synthesize: async () => synthesize(mkdtempSync(join(tmpdir(), 'parley-assembly-'))),
    say: (line) => process.stderr.write(`watch: ${line}\n`),
  });
}

type Described = ReturnType<typeof describe> & { readonly web: string };

function describe({ cloud }: LocalChat, { users, rooms }: Demo) {
  const [api] = cloud.apis;
  return {
    websocket: api?.websocket ?? '',
    management: api?.management ?? '',
    dynamodb: cloud.url,
    users,
    rooms,
  };
}

function welcome({ web, websocket, management, dynamodb, users, rooms }: Described): string {
  const [alice] = users;
  const [lobby] = rooms;
  const frames = [
    { uuid: '1', action: 'authenticate', token: alice?.token },
    { uuid: '2', action: 'select_room', room: lobby?.id },
    { uuid: '3', action: 'new_message', room: lobby?.id, text: 'Hello!' },
  ];
  return [
    'Parley is running.',
    '',
    `  Web chat      ${web}`,
    `  WebSocket     ${websocket}`,
    `  @connections  ${management}`,
    `  DynamoDB      ${dynamodb}`,
    '',
    ...users.map(({ username, token }) => `  ${username.padEnd(6)} ${token}`),
    '',
    ...rooms.map(({ id, name, members }) => `  Room ${id} (${name}): ${members.join(', ')}`),
    '',
    'Connect any WebSocket client and paste, a line at a time:',
    '',
    ...frames.map((frame) => `  ${JSON.stringify(frame)}`),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}
