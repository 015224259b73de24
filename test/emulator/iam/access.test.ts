import { expect, test } from 'vitest';

import type { Role } from '../../../emulator/model.ts';
import { unknownConditions } from '../../../emulator/iam/conditions.ts';
import { startSmallCloud } from '../faults/small-cloud.ts';

const putElsewhere = ['dynamodb', 'DescribeTable', { TableName: 'Nobodys' }] as const;

/** What the function of a cloud hears when it does what it may not, and what the log says then. */
async function overstep(iam: 'off' | 'warn' | 'enforce') {
  const lines: string[] = [];
  const cloud = await startSmallCloud({ iam, log: (_source, line) => lines.push(line) });
  const client = await cloud.open();
  const { results } = (await client.run(putElsewhere)) as { readonly results: readonly string[] };
  return { result: results[0], lines: lines.filter((line) => line.includes('Nobodys')), cloud };
}

const MISSING =
  /is not authorized to perform: dynamodb:DescribeTable .*; missing: table\.grant\(fn, 'dynamodb:DescribeTable'\) \(fn: Small\/Act\)$/;

test('enforce refuses a call that nothing allows, and names the grant and the function', async () => {
  const { result, lines, cloud } = await overstep('enforce');
  expect(result).toBe('AccessDeniedException');
  expect(lines).toEqual([expect.stringMatching(MISSING)]);
  expect(cloud.iam.checks()).toContainEqual(
    expect.objectContaining({ action: 'dynamodb:DescribeTable', allowed: false }),
  );
});

test('warn lets it through, and says the same', async () => {
  const { result, lines } = await overstep('warn');
  expect(result).toBe('ResourceNotFoundException');
  expect(lines).toEqual([expect.stringMatching(/^AWS would refuse this: /)]);
  expect(lines[0]).toMatch(MISSING);
});

test('off lets it through, and says nothing', async () => {
  const { result, lines, cloud } = await overstep('off');
  expect(result).toBe('ResourceNotFoundException');
  expect(lines).toEqual([]);
  expect(cloud.iam.checks()).toEqual([]);
});

test('a permission that is withdrawn keeps a service out, until it is given back', async () => {
  const cloud = await startSmallCloud();
  const client = await cloud.open();
  const grant = cloud.iam
    .grants()
    .find(
      (each) => each.kind === 'permission' && each.permission.sourceArn?.endsWith('*do') === true,
    );
  if (grant === undefined) throw new Error('the small app has a route');
  const giveBack = cloud.iam.withdraw(grant);
  expect(await client.run(['now'])).toMatchObject({ message: 'Internal server error' });
  giveBack();
  expect(await client.run(['now'])).toMatchObject({ results: [expect.any(Number)] });
});

test('a condition that is not known here is told, once for each role', () => {
  const role: Role = {
    arn: 'arn:aws:iam::123456789012:role/Reader',
    name: 'Reader',
    managedPolicies: [],
    statements: [1, 2].map(() => ({
      effect: 'Allow',
      actions: ['*'],
      notActions: [],
      resources: ['*'],
      notResources: [],
      conditions: {
        StringEquals: { 'aws:PrincipalOrgID': ['o-1'], 'dynamodb:Select': ['COUNT'] },
        IpAddress: { 'aws:SecureTransport': ['10.0.0.0/8'] },
      },
    })),
  };
  const rest = 'is not known: its statement allows nothing here, and a Deny denies';
  expect(unknownConditions(role)).toEqual([
    `role Reader: the condition key aws:PrincipalOrgID ${rest}`,
    `role Reader: the condition operator IpAddress ${rest}`,
  ]);
});
