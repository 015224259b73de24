import { arnIn } from '../environment.ts';
import type { Environment } from '../environment.ts';

/**
 * The ARN of a function, however a template names it: by name, partial ARN or ARN, with a version or
 * an alias or without. Every version and alias is `$LATEST` here, so qualifiers are dropped.
 */
export function functionArn(nameOrArn: string, environment: Environment): string {
  const parts = nameOrArn.split(':');
  const functionPart = parts.indexOf('function');
  if (parts[0] === 'arn') return parts.slice(0, functionPart + 2).join(':');
  // Without the word `function`, its place is -1, and the name is what comes first.
  const name = parts[functionPart + 1] ?? nameOrArn;
  return arnIn(environment, 'lambda', `function:${name}`);
}

/**
 * The function that API Gateway calls through this URI, which for HTTP APIs may be its ARN alone;
 * undefined when the URI is no function's.
 */
export function functionOfUri(uri: string, environment: Environment): string | undefined {
  const pattern =
    /^(?:arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(arn:[^/$]+)\/invocations|(arn:[^:]+:lambda:[^:]+:\d+:function:[^/$]+))$/;
  const [, invoked, plain] = pattern.exec(uri) ?? [];
  const arn = invoked ?? plain;
  return arn === undefined ? undefined : functionArn(arn, environment);
}
