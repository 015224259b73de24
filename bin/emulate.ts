import { parseArgs } from 'node:util';

import { type Cloud, type CloudOptions, createLogLines, startCloud } from '../emulator/index.ts';
import { AppFailed } from './app-command.ts';
import { tellingBill } from './bill-at-exit.ts';
import { type CdkApp, findCdkApp } from './cdk-app.ts';
import { calledAs, exitOnSignal, fail, portOption, runCommand } from './command.ts';
import { contextOption } from './context-option.ts';
import { faultsOption } from './faults-option.ts';
import { iamOption } from './iam-option.ts';
import { quotasOption } from './quotas-option.ts';
import { valuesOption } from './values-option.ts';
import { watchSources } from './watch.ts';

/**
 * Runs any CDK app: `npm run emulate -- --app path/to/cdk.out`, or `--app "node bin/app.js"`, or what the folder's
 * `cdk.json` names.
 */
const USAGE = `${calledAs('emulate')} [--app DIR|COMMAND] [--context KEY=VALUE]... [--port N] [--dynamodb embedded|URL] [--data DIR] [--values FILE] [--iam off|warn|enforce] [--quotas aws|off] [--faults FILE] [--meter] [--trace | --trace-content] [--watch] [--json]`;

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', short: 'a' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      port: { type: 'string', default: '4000' },
      dynamodb: { type: 'string', default: 'embedded' },
      data: { type: 'string' },
      iam: { type: 'string', default: 'enforce' },
      quotas: { type: 'string', default: 'aws' },
      values: { type: 'string' },
      faults: { type: 'string' },
      meter: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      'trace-content': { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  // What is wrong in the line is said before a command runs.
  const options: CloudOptions = {
    port: portOption(values.port),
    dynamodb: values.dynamodb,
    ...(values.data === undefined ? {} : { dataDirectory: values.data }),
    iam: iamOption(values.iam),
    quotas: quotasOption(values.quotas),
    trace: values['trace-content'] ? 'content' : values.trace ? 'lines' : 'off',
    values: valuesOption(values.values),
    faults: faultsOption(values.faults),
    log: createLogLines({ write: (text) => process.stderr.write(text), now: Date.now }),
  };
  const app = findCdkApp({
    app: values.app,
    context: contextOption(values.context),
    folder: process.cwd(),
    outputs: values.data === undefined ? [] : [values.data],
    print: (text) => process.stderr.write(text),
  });
  if (app === undefined) fail(`--app is missing, and no cdk.json here names one: ${USAGE}`);
  // Whatever ends the program, nothing that it made is left behind.
  process.on('exit', () => app.close());
  let running = { close: async () => {} };
  exitOnSignal({ close: () => running.close() });
  const cloud = await startCloud({ ...options, assembly: await firstAssembly(app) });
  // With --json, standard output is for programs.
  const out = values.json ? process.stderr : process.stdout;
  running = values.meter ? tellingBill(cloud, cloud, out) : cloud;
  if (values.watch) {
    watchSources({
      cloud,
      folders: [app.watched],
      synthesize: () => app.synthesize(),
      say: (line) => process.stderr.write(`watch: ${line}\n`),
    });
  }
  if (values.json) process.stdout.write(`${JSON.stringify(describe(cloud))}\n`);
  else print(cloud);
});

/** What a command printed before it failed is of use at the start, where nothing else runs. */
async function firstAssembly(app: CdkApp): Promise<string> {
  try {
    return await app.synthesize();
  } catch (error) {
    if (error instanceof AppFailed && error.output.trim().includes('\n')) {
      process.stderr.write(error.output);
    }
    throw error;
  }
}

function describe({ apis, httpApis, model, url, unsupported }: Cloud) {
  const { missingValues } = model;
  const sockets = apis.map(({ id, name, websocket, management }) => {
    return { id, name, protocol: 'WEBSOCKET', websocket, management };
  });
  return {
    apis: [...sockets, ...httpApis.map((api) => ({ ...api, protocol: 'HTTP' }))],
    tables: model.tables.map(({ name }) => name),
    functions: model.functions.map(({ name }) => name),
    dynamodb: url,
    unsupported,
    ...(missingValues.length === 0 ? {} : { missingValues }),
  };
}

function print(cloud: Cloud): void {
  const { tables, functions, unsupported, missingValues = [] } = describe(cloud);
  const lines = [
    ...cloud.apis.map(({ name, websocket }) => `API        ${name}  ${websocket}`),
    ...cloud.httpApis.map(({ name, url }) => `HTTP API   ${name}  ${url}`),
    `DynamoDB   ${cloud.url}  ${tables.length} tables`,
    `Lambda     ${functions.length} functions`,
    ...Object.entries(cloud.outputs).map(([name, value]) => `Output     ${name} = ${value}`),
    ...unsupported.map((resource) => `Not run    ${notRunLine(resource)}`),
    ...missingValues.map((name) => `Missing    the value of ${name}: give it in --values FILE`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function notRunLine({ type, path, reason, placeholder }: Cloud['unsupported'][number]): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${type}  ${path}${why}${placeholder === undefined ? '' : ` (others see ${placeholder})`}`;
}
