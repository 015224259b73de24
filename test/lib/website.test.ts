import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, test } from 'vitest';

import { contentSecurityPolicy } from '../../lib/security-headers.ts';
import { chatTemplate, readable } from './chat-template.ts';

const directory = mkdtempSync(join(tmpdir(), 'parley-website-'));
mkdirSync(join(directory, 'assets'));
writeFileSync(join(directory, 'index.html'), '<!doctype html>');
writeFileSync(join(directory, 'assets', 'index-abc.js'), '');
afterAll(() => rmSync(directory, { recursive: true }));

const chat = chatTemplate({ website: directory });
const only = (type: string) => {
  const [resource, ...more] = chat.ofType(type).values();
  if (resource === undefined || more.length > 0) throw new Error(`Not one ${type}`);
  return resource.Properties;
};

test('a chat without a page has none: no bucket, no distribution', () => {
  const plain = chatTemplate();
  expect(plain.ofType('AWS::S3::Bucket').size).toBe(0);
  expect(plain.ofType('AWS::CloudFront::Distribution').size).toBe(0);
  expect(plain.outputs).not.toHaveProperty('WebUrl');
});

test('its URL is an output of the stack', () => {
  expect(JSON.stringify(chat.outputs['WebUrl'])).toContain('DomainName');
});

describe('the bucket', () => {
  test('is nobody’s to read but the distribution’s', () => {
    expect(only('AWS::S3::Bucket')['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const { Statement } = only('AWS::S3::BucketPolicy')['PolicyDocument'] as {
      Statement: readonly { Effect: string; Principal: unknown; Action: unknown }[];
    };
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Principal, Action }) => ({ Principal, Action }))).toContainEqual({
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
    });
    expect(JSON.stringify(allowed)).not.toContain('"*"}');
  });
});

describe('the distribution', () => {
  const config = only('AWS::CloudFront::Distribution')['DistributionConfig'] as {
    readonly DefaultCacheBehavior: object;
    readonly DefaultRootObject: string;
  };

  test('serves the page by HTTPS alone, and takes no more than GET and HEAD', () => {
    expect(config.DefaultRootObject).toBe('index.html');
    expect(config.DefaultCacheBehavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD'],
      ViewerProtocolPolicy: 'redirect-to-https',
      Compress: true,
    });
  });

  test('lets the page load its own files and speak to its own WebSocket, and nothing else', () => {
    const { SecurityHeadersConfig: headers } = only('AWS::CloudFront::ResponseHeadersPolicy')[
      'ResponseHeadersPolicyConfig'
    ] as { SecurityHeadersConfig: Readonly<Record<string, object>> };
    const { ContentSecurityPolicy: policy } = headers['ContentSecurityPolicy'] as {
      ContentSecurityPolicy: unknown;
    };
    expect(readable(policy)).toContain("default-src 'none'");
    expect(readable(policy)).toContain("connect-src 'self' wss://");
    expect(headers).toMatchObject({
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY' },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
    });
  });
});

test('the policy names no source that a script could be smuggled in by', () => {
  const policy = contentSecurityPolicy('wss://chat.example.com/prod');
  expect(policy).not.toMatch(/unsafe|\*|data:|blob:|http:/);
  expect(policy).toContain("connect-src 'self' wss://chat.example.com/prod");
});

test('files whose names say what is in them are kept for a year, the page is asked for again', () => {
  const deployments = [...chat.ofType('Custom::CDKBucketDeployment').values()].map(
    ({ Properties }) => Properties['SystemMetadata'],
  );
  expect(deployments).toEqual([
    { 'cache-control': 'public, max-age=31536000, immutable' },
    { 'cache-control': 'no-cache' },
  ]);
});

/** By the reason for which each stays. */
const ACCEPTED = {
  'The page is for everybody everywhere, and holds no data: no country is kept out, nothing is worth a firewall or a log.':
    ['CFR1', 'CFR2', 'CFR3'].map((rule) => `AwsSolutions-${rule} Parley/Website/Distribution/`),
  'TLS 1.2 alone needs a certificate, and so a domain, which the stack does not know.': [
    'AwsSolutions-CFR4 Parley/Website/Distribution/',
  ],
  'Whoever reads the files, reads what anybody may read.': [
    'AwsSolutions-S1 Parley/Website/Files/',
  ],
  'What copies the files at deployment is of the CDK, with its rights and its runtime.': [
    'AwsSolutions-IAM4',
    'AwsSolutions-IAM5',
    'AwsSolutions-L1',
  ],
};

test('cdk-nag finds of it what is so on purpose, and nothing else', () => {
  const { violations } = new AwsSolutionsChecks().validateScope(chat.app);
  const found = violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources
      .map(({ constructPath = '' }) => constructPath)
      .filter((path) => !path.startsWith('Parley/Chat/'))
      .map((path) => `${ruleName} ${path.replace(/[0-9a-fA-F]{32,}/, '…')}`),
  );
  const expected = Object.values(ACCEPTED).flat();
  expect(found.filter((one) => !expected.some((start) => one.startsWith(start)))).toEqual([]);
  expect(expected.filter((start) => !found.some((one) => one.startsWith(start)))).toEqual([]);
});
