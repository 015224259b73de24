import type { GenericSchema } from 'valibot';

import type { Asset } from '../assembly-files.ts';
import type { Environment } from '../environment.ts';
import type { CloudModel } from '../../model.ts';

/**
 * One CloudFormation resource type: what others may say of it (`Ref`, `Fn::GetAtt`), which of its
 * properties matter here, and what it adds to the model. A type that is only a part of another (a
 * route is a part of its API) adds nothing itself: the other finds it through the `Cloud`.
 */
export interface ResourceType<Properties> {
  /** E.g. `AWS::SQS::Queue`. */
  readonly type: string;
  /** The shape of the resolved properties; others are passed over. */
  readonly properties: GenericSchema<unknown, Properties>;
  /** The property that holds the physical name, and the most characters AWS allows in it. */
  readonly name?: {
    readonly property: string;
    readonly limit: number;
    /** What a made name must end with. */
    readonly suffix?: (properties: Readonly<Record<string, unknown>>) => string;
  };
  identify(named: Named): Identity;
  read?(resource: ResolvedResource<Properties>, cloud: Cloud): Contribution;
}

/** What a resource's identity follows from. */
export interface Named {
  /** The declared name, or one made for it; `''` for types without names. */
  readonly name: string;
  readonly environment: Environment;
  /** The declared properties, intrinsics not resolved. */
  readonly declared: Readonly<Record<string, unknown>>;
  /** An id that AWS would draw, stable over runs. */
  readonly id: (length: number) => string;
}

export interface Identity {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a resource is called: its physical name, and what others get when they refer to it. */
export interface KnownIdentity {
  readonly name: string;
  readonly ref: string;
  /** What `Fn::GetAtt` gives; undefined when there is no such attribute. */
  attribute(name: string): string | undefined;
}

export interface ResolvedResource<Properties> {
  readonly type: string;
  readonly logicalId: string;
  readonly path: string;
  readonly environment: Environment;
  readonly identity: KnownIdentity;
  readonly properties: Properties;
}

/** All resources of all stacks, resolved, and the code they may need. */
export interface Cloud {
  all<Properties>(type: ResourceType<Properties>): readonly ResolvedResource<Properties>[];
  /** Whether a resource of this type name, with this `Ref`, is among them. */
  has(type: string, ref: string): boolean;
  readonly assets: ReadonlyMap<string, Asset>;
  /** Where code written in a template goes. */
  readonly workDirectory: string;
}

/** What a resource adds to the model. */
export type Contribution = {
  readonly [
    Part in
      | 'apis'
      | 'httpApis'
      | 'functions'
      | 'permissions'
      | 'tables'
      | 'queues'
      | 'mappings'
      | 'eventInvokes'
      | 'schedules'
      | 'unsupported'
  ]?: CloudModel[Part];
};

/** Gives a definition its type, with the properties inferred from their schema. */
export function resourceType<Properties>(
  definition: ResourceType<Properties>,
): ResourceType<Properties> {
  return definition;
}

/** The contribution of a resource, or of something in it, that is not run. */
export function notRun(
  { type, logicalId, path }: ResolvedResource<unknown>,
  reason: string,
): Contribution {
  return { unsupported: [{ type, logicalId, path, reason }] };
}
