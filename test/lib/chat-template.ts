import { readFileSync, rmSync } from 'node:fs';

import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

import { ChatStack, type ChatStackProps } from '../../lib/index.ts';

/** One resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface ChatTemplate {
  readonly app: App;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  /** The resources of a type, by their logical ids. */
  ofType(type: string): ReadonlyMap<string, Resource>;
  /** The properties of the one resource of a type whose logical id begins so. */
  properties(type: string, id: string): Resource['Properties'];
}

/** An app with the feature flags of `cdk.json`, as `cdk synth` has them. */
function newApp(): App {
  const cdkJson = new URL('../../cdk.json', import.meta.url);
  const { context } = JSON.parse(readFileSync(cdkJson, 'utf8')) as {
    context: Record<string, unknown>;
  };
  return new App({ context, analyticsReporting: false });
}

export const chatTemplate = (props: ChatStackProps = {}): ChatTemplate =>
  templateOf((app) => new ChatStack(app, 'Parley', props));

function templateOf(build: (app: App) => Stack): ChatTemplate {
  const app = newApp();
  try {
    return { app, ...read(Template.fromStack(build(app))) };
  } finally {
    rmSync(app.outdir, { recursive: true, force: true });
  }
}

function read(template: Template): Omit<ChatTemplate, 'app'> {
  const { Resources, Outputs = {} } = template.toJSON() as {
    Resources: Record<string, Resource>;
    Outputs?: ChatTemplate['outputs'];
  };
  const resources = new Map(Object.entries(Resources));
  const ofType = (type: string) => new Map([...resources].filter(([, { Type }]) => Type === type));
  return {
    resources,
    outputs: Outputs,
    ofType,
    properties(type, id) {
      const found = [...ofType(type)].filter(([logicalId]) => logicalId.startsWith(id));
      const [one] = found;
      if (one === undefined || found.length > 1) {
        throw new Error(`${found.length} resources of ${type} begin with ${id}`);
      }
      return one[1].Properties;
    },
  };
}

/** A logical id without the parts that are the same for all, and the hash: `Connections`. */
export const shortName = (logicalId: string): string =>
  logicalId
    .replace(/[0-9A-F]{8}$/, '')
    .replace(/^Chat(Tables|(Broadcaster|Digests|Eraser|LargeRooms)(?=[A-Z]))?/, '')
    // CDK says no part twice: the role of SetRole is not SetRoleRole.
    .replace(/(?<!^Set)(Function|Role|RoleDefaultPolicy)$/, '');

/** The id of the function behind the route of an action: `NewMessage` for `new_message`. */
export const functionOf = (action: string): string =>
  action.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** A value of a template as one readable text: `{"Fn::GetAtt": [x, "Arn"]}` is `x`. */
export function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [[intrinsic, argument] = ['', undefined]] = Object.entries(value) as [string, unknown][];
  if (intrinsic === 'Ref') return shortName(String(argument));
  if (intrinsic === 'Fn::GetAtt') {
    const [id, attribute] = argument as [string, string];
    return attribute === 'Arn' ? shortName(id) : `${shortName(id)}.${attribute}`;
  }
  if (intrinsic === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(readable).join(separator);
  }
  return JSON.stringify(value);
}
