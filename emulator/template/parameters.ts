import type { Template } from './assembly-files.ts';
import type { Environment } from './environment.ts';
import { NO_VALUE, Unresolved } from './unresolved.ts';

/** What CloudFormation knows without being told, by name. */
export function pseudoParameters(
  stackName: string,
  { account, region, partition, urlSuffix }: Environment,
): ReadonlyMap<string, unknown> {
  const stackId = `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/local`;
  return new Map<string, unknown>([
    ['AWS::AccountId', account],
    ['AWS::NoValue', NO_VALUE],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', partition],
    ['AWS::Region', region],
    ['AWS::StackId', stackId],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', urlSuffix],
  ]);
}

/**
 * The value of a template's parameter: the given one, else the default. A parameter that is kept in
 * Parameter Store may also be given under `ssm:<its name there>`, and has no default of its own.
 */
export function parameterValue(
  name: string,
  { Type, Default }: Template['Parameters'][string],
  values: Readonly<Record<string, string>>,
): unknown {
  const stored = Type.startsWith('AWS::SSM::Parameter::Value');
  const given = values[name] ?? (stored ? values[`ssm:${String(Default)}`] : Default);
  if (given === undefined) return new Unresolved(`the parameter ${name} needs a value`);
  return Type.includes('List') ? String(given).split(',') : String(given);
}

/**
 * The shortest name under which a dynamic reference's value may be given: without the empty parts and
 * the `SecretString` that CDK writes behind the name of a whole secret.
 */
export function referenceName(reference: string): string {
  return reference.replace(/:+$/, '').replace(/:SecretString$/, '');
}
