import { parseArgs } from 'node:util';

import { DirectoryError } from '../lambdas/core/directory.ts';
import { openChat } from './admin-directory.ts';
import { calledAs, fail, runCommand } from './command.ts';
import { redrive } from './redrive.ts';

/** Changes the people and rooms of a chat, local or deployed. */
const USAGE = `${calledAs('admin')} COMMAND [options]

  user add NAME
  token issue NAME [--days N]          a new token, shown once; 30 days unless told otherwise
  token revoke NAME                    all tokens of a user; their devices are signed out
  room add NAME --members a,b [--id ID]
  publish ROOM TEXT [--as NAME]        says something in a room, as system unless told otherwise
  redrive [--go]                       sends through again what the dead letters are about, if the log
                                       lacks it; without --go, only says what it would do
  redrive --since TIME [--go]          the same for all that was accepted since then (ISO 8601)

  --endpoint URL   the local chat's DynamoDB address; http://127.0.0.1:4000 unless told otherwise
  --aws            the deployed chat, with the AWS credentials and region of this shell
  --stack NAME     the name of its stack; Parley unless told otherwise`;

const DEFAULT_DAYS = 30;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      members: { type: 'string', default: '' },
      id: { type: 'string' },
      as: { type: 'string', default: 'system' },
      days: { type: 'string', default: String(DEFAULT_DAYS) },
      endpoint: { type: 'string', default: 'http://127.0.0.1:4000' },
      since: { type: 'string' },
      go: { type: 'boolean', default: false },
      aws: { type: 'boolean', default: false },
      stack: { type: 'string', default: 'Parley' },
    },
  });
  const [topic, verb, name, ...rest] = positionals;
  const where = { stack: values.stack, ...(values.aws ? {} : { endpoint: values.endpoint }) };
  const print = (line: string) => process.stdout.write(`${line}\n`);
  if (topic === 'redrive' && verb === undefined) {
    print(await redrive(await openChat(where), values));
    return;
  }
  if (name === undefined || rest.length > 0) fail(`Usage: ${USAGE}`);
  const days = Number(values.days);
  if (!(days > 0)) fail(`--days must be a positive number, not ${JSON.stringify(values.days)}`);
  const { directory, publish } = await openChat(where);

  try {
    switch (topic === 'publish' ? topic : `${topic} ${verb}`) {
      case 'user add': {
        const outcome = await directory.addUser(name);
        if (outcome === 'exists') fail(`There is a user ${name} already`);
        print(`Added ${name}`);
        break;
      }
      case 'token issue':
        print(await directory.issueToken(name, days));
        break;
      case 'token revoke':
        print(`Revoked ${await directory.revokeTokens(name)} tokens of ${name}`);
        break;
      case 'room add': {
        const members = values.members.split(',').filter(Boolean);
        print(await directory.addRoom(name, members, values.id));
        break;
      }
      case 'publish':
        print(await publish(verb ?? '', values.as, name));
        break;
      default:
        fail(`Usage: ${USAGE}`);
    }
  } catch (error) {
    if (error instanceof DirectoryError) fail(error.message);
    throw error;
  }
});
