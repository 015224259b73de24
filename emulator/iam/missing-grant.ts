/** The CDK expression that would allow a call; `fn` is the function that made it. */
export function missingGrant(action: string, resource: string): string {
  const [service = '', operation = ''] = action.split(':');
  return (
    GRANTS.get(action) ??
    (service === 'sqs' ? `queue.grant(fn, '${action}')` : undefined) ??
    (service === 'dynamodb' ? dynamoDbGrant(action, operation, resource) : undefined) ??
    `fn.addToRolePolicy(new PolicyStatement({ actions: ['${action}'], resources: ['${resource}'] }))`
  );
}

const CONSUME = 'queue.grantConsumeMessages(fn)';

const GRANTS: ReadonlyMap<string, string> = new Map([
  ['execute-api:ManageConnections', 'stage.grantManagementApiAccess(fn)'],
  ['lambda:InvokeFunction', 'invoked.grantInvoke(fn)'],
  ['events:PutEvents', 'bus.grantPutEventsTo(fn)'],
  ['logs:CreateLogStream', 'logGroup.grantWrite(fn)'],
  ['logs:PutLogEvents', 'logGroup.grantWrite(fn)'],
  ['sqs:SendMessage', 'queue.grantSendMessages(fn)'],
  ['sqs:ReceiveMessage', CONSUME],
  ['sqs:DeleteMessage', CONSUME],
  ['sqs:ChangeMessageVisibility', CONSUME],
  ['sqs:PurgeQueue', 'queue.grantPurge(fn)'],
  ['dynamodb:ListStreams', 'table.grantStreamRead(fn)'],
]);

const READS = /^(GetItem|BatchGetItem|Query|Scan|ConditionCheckItem)$/;
const WRITES = /^(PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/;

/** The narrowest grant, and the one people know. */
function dynamoDbGrant(action: string, operation: string, resource: string): string {
  if (resource.includes('/stream/')) return 'table.grantStreamRead(fn)';
  const exact = `table.grant(fn, '${action}')`;
  if (READS.test(operation)) return `${exact} or table.grantReadData(fn)`;
  return WRITES.test(operation) ? `${exact} or table.grantWriteData(fn)` : exact;
}
