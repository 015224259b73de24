/** Where a stack lives: the account and the region, and what AWS derives from the region. */
export interface Environment {
  readonly account: string;
  readonly region: string;
  /** `aws`, or that of China or the US government. */
  readonly partition: string;
  /** The end of every host name, e.g. `amazonaws.com`. */
  readonly urlSuffix: string;
}

/** The region of stacks that name none. */
export const DEFAULT_REGION = 'us-east-1';

/** The account of stacks that name none. */
export const DEFAULT_ACCOUNT = '000000000000';

export function environmentOf(account: string, region: string): Environment {
  return { account, region, partition: partitionOf(region), urlSuffix: suffixOf(region) };
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>` in this environment. */
export function arnIn(environment: Environment, service: string, resource: string): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
