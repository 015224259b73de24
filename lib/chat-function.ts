import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Effect,
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { VARIABLES } from '../lambdas/environment.ts';
import type { Bundles } from './bundle.ts';

/**
 * One function with a role and a log group of its own. The role starts with the right to write that
 * log and nothing else: every further right is a verb of what it is a right to.
 */
export interface ChatFunctionProps {
  readonly bundles: Bundles;
  /** File under `lambdas/`, without its ending. */
  readonly entry: string;
  readonly description: string;
  /** Must stay below the caller's own limit: 29 seconds for a route. */
  readonly timeout: Duration;
  /** MB; Lambda gives CPU in proportion, a whole one at 1,769. */
  readonly memory: number;
  readonly logRetention: RetentionDays;
}

export class ChatFunction extends Construct implements IGrantable {
  readonly fn: LambdaFunction;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: ChatFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Of the function that ${props.description}`,
    });
    logGroup.grantWrite(role);
    this.fn = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundles.directory(props.entry)),
      handler: 'index.handler',
      description: `Parley: ${props.description}`,
      timeout: props.timeout,
      memorySize: props.memory,
      role,
      logGroup,
    });
    this.grantPrincipal = role;
  }

  /** Sets a variable of `lambdas/environment.ts`. */
  environment(name: keyof typeof VARIABLES, value: string): void {
    this.fn.addEnvironment(VARIABLES[name], value);
  }

  /** Allows actions on exactly these resources. */
  allow(actions: string[], resources: string[]): void {
    this.fn.addToRolePolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources }));
  }
}
