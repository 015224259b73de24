/**
 * What AWS asks for the counts of the meter, in us-east-1, first tier, before any free tier. A price
 * is added by a line here, under the name of its count. The emulator has no account to ask: these
 * were transcribed from the pages named, `read` being the day of that. Check them before you budget.
 */
export interface Price {
  /** The meter's name for it. */
  readonly count: string;
  readonly service: string;
  /** What is billed, in a few words. */
  readonly what: string;
  /** What the quantity on a bill is in. */
  readonly unit: string;
  /** How many of the count make one unit. */
  readonly countsPerUnit: number;
  readonly usdPerUnit: number;
  /** AWS's page for it. */
  readonly page: string;
  /** When it was last seen, by us or by whoever we have it from; `unverified`: from memory. */
  readonly read: string;
}

/** The region of these prices, whatever region the stack is for. */
export const PRICE_REGION = 'us-east-1';
/** When the list as a whole was last gone through. */
export const PRICE_DATE = '2026-09-21';

const MILLION = 1_000_000;
/** Bytes; AWS's GB is 2^30 wherever it says what it means. */
const GB = 1_024 ** 3;
const MS_PER_SECOND = 1_000;

const apiGateway = {
  service: 'API Gateway',
  page: 'https://aws.amazon.com/api-gateway/pricing/',
  read: '2026-09-21',
};
const lambda = {
  service: 'Lambda',
  page: 'https://aws.amazon.com/lambda/pricing/',
  read: '2026-05-05',
};
const dynamodb = {
  service: 'DynamoDB',
  page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  read: '2025-07-21',
};

const each = (usdPerMillion: number) => ({
  countsPerUnit: 1,
  usdPerUnit: usdPerMillion / MILLION,
});
const perGbSecond = (usdPerUnit: number) => ({
  unit: 'GB-seconds',
  countsPerUnit: MS_PER_SECOND,
  usdPerUnit,
});
const perGb = (usdPerUnit: number) => ({ unit: 'GB', countsPerUnit: GB, usdPerUnit });

export const PRICES: readonly Price[] = [
  { count: 'frames.in', what: 'messages in', unit: '32 KB units', ...each(1), ...apiGateway },
  { count: 'frames.out', what: 'messages out', unit: '32 KB units', ...each(1), ...apiGateway },
  {
    count: 'connection.minutes',
    what: 'connections',
    unit: 'minutes',
    ...each(0.25),
    ...apiGateway,
  },
  {
    count: 'http.requests',
    what: 'HTTP requests',
    unit: '512 KB units',
    ...each(1),
    ...apiGateway,
    read: 'unverified',
  },
  // To the internet; stated by AWS of its REST APIs, and assumed here.
  { count: 'transfer.out', what: 'data out', ...perGb(0.09), ...apiGateway },
  { count: 'lambda.requests', what: 'invocations', unit: 'requests', ...each(0.2), ...lambda },
  { count: 'lambda.gbMs.arm64', what: 'duration, arm64', ...perGbSecond(0.0000133334), ...lambda },
  {
    count: 'lambda.gbMs.x86_64',
    what: 'duration, x86_64',
    ...perGbSecond(0.0000166667),
    ...lambda,
  },
  { count: 'dynamodb.write', what: 'writes', unit: 'write units', ...each(0.625), ...dynamodb },
  { count: 'dynamodb.read', what: 'reads', unit: 'read units', ...each(0.125), ...dynamodb },
  {
    count: 'dynamodb.streamReads',
    what: 'stream reads, not by Lambda',
    unit: 'requests',
    ...each(0.2),
    ...dynamodb,
    read: 'unverified',
  },
  {
    count: 'sqs.requests',
    service: 'SQS',
    what: 'requests, standard queue',
    unit: '64 KB units',
    ...each(0.4),
    page: 'https://aws.amazon.com/sqs/pricing/',
    read: '2026-06-13',
  },
  {
    count: 'logs.bytes',
    service: 'CloudWatch Logs',
    what: 'ingestion',
    ...perGb(0.5),
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    read: '2025-05-01',
  },
];
