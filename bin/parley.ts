#!/usr/bin/env node
import { fail } from './command.ts';

/** The command of the package: `parley emulate`, `parley chat`, `parley admin`. */
const USAGE = `parley COMMAND [options]

  emulate   runs any CDK app on this machine
  chat      talks, on a terminal or in a pipe
  admin     adds and changes people and rooms of a chat, local or deployed

  parley COMMAND --help tells its options.`;

const COMMANDS: Readonly<Record<string, () => Promise<unknown>>> = {
  emulate: () => import('./emulate.ts'),
  chat: () => import('./chat-cli.ts'),
  admin: () => import('./admin.ts'),
};

// The commands read the rest of the line, as if they had been called by themselves.
const [name = ''] = process.argv.splice(2, 1);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (name === '--help' || name === 'help') process.stdout.write(`${USAGE}\n`);
else if (command === undefined) fail(`Usage: ${USAGE}`);
else await command();
