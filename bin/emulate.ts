import { parseArgs } from 'node:util';

import { type Cloud, startCloud } from '../emulator/index.ts';
import { tellingBill } from './bill-at-exit.ts';
import { exitOnSignal, fail, portOption, runCommand } from './command.ts';
import { faultsOption } from './faults-option.ts';
import { valuesOption } from './values-option.ts';

/** Runs the cloud assembly of any CDK app: `npm run emulate -- --app path/to/cdk.out`. */
const USAGE =
  'npm run emulate -- --app DIR [--port N] [--dynamodb embedded|URL] [--data DIR] [--values FILE] [--faults FILE] [--meter] [--json]';

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      app: { type: 'string' },
      port: { type: 'string', default: '4000' },
      dynamodb: { type: 'string', default: 'embedded' },
      data: { type: 'string' },
      values: { type: 'string' },
      faults: { type: 'string' },
      meter: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.app === undefined) fail(`--app is missing: ${USAGE}`);
  const cloud = await startCloud({
    assembly: values.app,
    port: portOption(values.port),
    dynamodb: values.dynamodb,
    ...(values.data === undefined ? {} : { dataDirectory: values.data }),
    values: valuesOption(values.values),
    faults: faultsOption(values.faults),
    log: (source, line) => process.stderr.write(`${source}: ${line}\n`),
  });
  // With --json, standard output is for programs.
  const out = values.json ? process.stderr : process.stdout;
  exitOnSignal(values.meter ? tellingBill(cloud, cloud, out) : cloud);
  if (values.json) process.stdout.write(`${JSON.stringify(describe(cloud))}\n`);
  else print(cloud);
});

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
