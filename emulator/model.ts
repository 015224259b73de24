/**
 * What a synthesized template asks for, once its intrinsics are resolved: the only thing the rest of
 * the emulator knows of CloudFormation. Every value is plain data; names and ARNs are final. URLs of
 * APIs and queues are still those of AWS and are rewritten when the ports are known (`endpoints.ts`).
 */
export interface CloudModel {
  readonly account: string;
  readonly region: string;
  readonly apis: readonly WebSocketApi[];
  readonly httpApis: readonly HttpApi[];
  readonly functions: readonly FunctionResource[];
  readonly permissions: readonly Permission[];
  readonly tables: readonly TableResource[];
  readonly queues: readonly QueueResource[];
  readonly mappings: readonly EventSourceMappingResource[];
  /** One for a function at most. */
  readonly eventInvokes: readonly EventInvokeResource[];
  readonly schedules: readonly ScheduleResource[];
  /** Stack outputs by name, as resolved (URLs still those of AWS). */
  readonly outputs: Readonly<Record<string, string>>;
  readonly unsupported: readonly UnsupportedResource[];
  /** Names of parameters and dynamic references that something asks for and nobody gave. */
  readonly missingValues: readonly string[];
}

/** A resource the emulator does not run; named at start, and only what needs it is off. */
export interface UnsupportedResource {
  readonly type: string;
  readonly logicalId: string;
  /** Path in the construct tree, e.g. `Parley/Chat/Topic/Resource`; the logical id if unknown. */
  readonly path: string;
  /** Why, when the type alone does not say it; one line. */
  readonly reason?: string;
  /** What `Ref` gives to those who mention it all the same. */
  readonly placeholder?: string;
}

/** Any resource: where it stands in the construct tree, for messages to people. */
interface Resource {
  readonly logicalId: string;
  readonly path: string;
}

export interface WebSocketApi extends Resource {
  readonly apiId: string;
  readonly name: string;
  /** E.g. `$request.body.action`. */
  readonly routeSelectionExpression: string;
  readonly routes: readonly WebSocketRoute[];
  readonly stages: readonly Stage[];
}

export interface WebSocketRoute {
  readonly routeKey: string;
  /** Absent: the route has no integration, and its frames are answered as AWS does without one. */
  readonly integration?: LambdaIntegration;
  /** Only ever used by `$connect`. */
  readonly authorizer?: RequestAuthorizer;
  /** True when the route has both a selection expression `$default` and a `$default` response. */
  readonly returnsResponse: boolean;
}

export interface LambdaIntegration {
  readonly functionArn: string;
  /** Milliseconds, 50 to 29,000; AWS's default is 29,000. */
  readonly timeoutMs: number;
}

export interface RequestAuthorizer {
  readonly authorizerId: string;
  readonly functionArn: string;
  /** E.g. `route.request.querystring.token`; every one must be present, or the answer is 401. */
  readonly identitySources: readonly string[];
}

export interface Stage {
  readonly name: string;
  /** False: nothing was ever deployed to the stage, so AWS would not serve it. */
  readonly deployed: boolean;
  /** Stage variables, if any. */
  readonly variables: Readonly<Record<string, string>>;
  /** For each route that has no throttle of its own; absent: the account's. */
  readonly throttle?: Throttle;
  /** Of single routes, by their keys. */
  readonly routeThrottles?: ReadonlyMap<string, Throttle>;
}

export interface Throttle {
  /** Requests per second. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

export interface HttpApi extends Resource {
  readonly apiId: string;
  readonly name: string;
  readonly routes: readonly HttpRoute[];
  readonly stages: readonly Stage[];
  /** Absent: preflights go to routes, and functions answer for CORS themselves. */
  readonly cors?: CorsConfiguration;
}

/** What an HTTP API answers browsers of other origins, each as in the template. */
export interface CorsConfiguration {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds?: number;
}

export interface HttpRoute {
  /** `GET /rooms/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  /** Absent: the route has no function, and every request for it fails. */
  readonly integration?: HttpIntegration;
  readonly authorizer?: HttpAuthorizer;
}

/** Of the events and answers between an HTTP API and its functions. */
export type PayloadFormat = '1.0' | '2.0';

export interface HttpIntegration {
  readonly functionArn: string;
  /** Milliseconds, 50 to 30,000; AWS's default is 30,000. */
  readonly timeoutMs: number;
  readonly payloadFormat: PayloadFormat;
}

export type HttpAuthorizer = HttpLambdaAuthorizer | JwtAuthorizer | RefusingAuthorizer;

export interface HttpLambdaAuthorizer {
  readonly kind: 'lambda';
  readonly authorizerId: string;
  readonly functionArn: string;
  readonly payloadFormat: PayloadFormat;
  /** Answers `{isAuthorized}` in place of a policy. */
  readonly simpleResponses: boolean;
  /** E.g. `$request.header.Authorization`; every one must be present, or the answer is 401. */
  readonly identitySources: readonly string[];
  /** How long an answer holds for the same identity; 0: it is asked every time. */
  readonly cacheSeconds: number;
}

export interface JwtAuthorizer {
  readonly kind: 'jwt';
  readonly authorizerId: string;
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Where the token is, e.g. `$request.header.Authorization`. */
  readonly identitySource: string;
  /** Of the route; a token needs one of them, if there are any. */
  readonly scopes: readonly string[];
}

/** Stands for a check that is not run: it lets nobody in, so that no route falls open. */
export interface RefusingAuthorizer {
  readonly kind: 'refuse';
}

export interface FunctionResource extends Resource {
  readonly name: string;
  readonly arn: string;
  /** The directory of the code asset, absolute. */
  readonly codeDirectory: string;
  /** Code written in the template itself: files to be put into `codeDirectory` before the start. */
  readonly inlineCode?: Readonly<Record<string, string>>;
  /** `file.export`, as in the template. */
  readonly handler: string;
  /** E.g. `nodejs24.x`. */
  readonly runtime: string;
  /** Only the price differs here; AWS's default when the template has none: `x86_64`. */
  readonly architecture: 'arm64' | 'x86_64';
  /** AWS's default when the template has none: 3. */
  readonly timeoutSeconds: number;
  /** AWS's default when the template has none: 128. */
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly role: Role;
  /** Name of its log group; AWS's default when the template has none: `/aws/lambda/<name>`. */
  readonly logGroup?: string;
  /** Concurrent executions reserved for this function; absent: the account's pool. */
  readonly reservedConcurrency?: number;
  /** ARN of the queue for events of asynchronous invocations that are given up. */
  readonly deadLetterArn?: string;
}

/** An IAM role with everything its policies say, inline and attached. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
  /** ARNs of managed policies, which the emulator knows by name only. */
  readonly managedPolicies: readonly string[];
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** As in IAM: operator, then key, then values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** `AWS::Lambda::Permission`: who else may invoke a function. */
export interface Permission {
  /** ARN or name, as resolved. */
  readonly functionArn: string;
  readonly action: string;
  /** A service such as `apigateway.amazonaws.com`. */
  readonly principal: string;
  /** A pattern with `*` and `?`. */
  readonly sourceArn?: string;
}

export interface TableResource extends Resource {
  readonly name: string;
  readonly arn: string;
  /** Set when the table has a stream: `<arn>/stream/<label>`, the label being the emulator's. */
  readonly streamArn?: string;
  readonly streamViewType?: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
  readonly keySchema: readonly KeyElement[];
  readonly attributes: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly globalIndexes: readonly TableIndex[];
  readonly localIndexes: readonly TableIndex[];
  /** The attribute that holds the expiry in epoch seconds. */
  readonly ttlAttribute?: string;
}

export interface KeyElement {
  readonly name: string;
  readonly role: 'HASH' | 'RANGE';
}

export interface TableIndex {
  readonly name: string;
  readonly keySchema: readonly KeyElement[];
  readonly projection: {
    readonly type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
    readonly attributes: readonly string[];
  };
}

export interface QueueResource extends Resource {
  readonly name: string;
  readonly arn: string;
  /** The URL AWS would give it, before `endpoints.ts` rewrites it. */
  readonly url: string;
  /** What the template says otherwise than AWS's defaults; absent: nothing. */
  readonly settings?: Partial<QueueSettings>;
}

/** What a queue's template may say of it. */
export interface QueueSettings {
  /** A message that was received is hidden for so long. */
  readonly visibilitySeconds: number;
  /** A message is hidden for so long before it can be received at all. */
  readonly delaySeconds: number;
  /** How long a receiver waits who does not say. */
  readonly waitSeconds: number;
  /** A message is gone after so long, wherever it is. */
  readonly retentionSeconds: number;
  /** Of a message, body and attributes. */
  readonly messageBytes: number;
}

export interface EventSourceMappingResource extends Resource {
  /** Of a table in the model; other sources are reported as unsupported. */
  readonly streamArn: string;
  readonly functionArn: string;
  readonly enabled: boolean;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Records; AWS's default is 100, the most 10,000. */
  readonly batchSize: number;
  /** Seconds; default 0. */
  readonly batchingWindowSeconds: number;
  /** Default 1. */
  readonly parallelizationFactor: number;
  /** Default -1: without end. */
  readonly maximumRetryAttempts: number;
  /** Default -1: no limit. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisectOnError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** Filter patterns, each a JSON text; a record passes when any matches, or when there are none. */
  readonly filters: readonly string[];
  /** ARN of the queue for what is given up. */
  readonly onFailureArn?: string;
}

/** What is asked for the asynchronous invocations of a function. */
export interface EventInvokeResource extends Resource {
  readonly functionArn: string;
  /** 0 to 2; AWS's default is 2. */
  readonly maximumRetryAttempts: number;
  /** 60 to 21,600; AWS's default is 21,600, six hours. */
  readonly maximumEventAgeSeconds: number;
  /** ARN of the queue, or of the function, that gets a record of each event that succeeded. */
  readonly onSuccessArn?: string;
  /** The same for each that was given up. */
  readonly onFailureArn?: string;
}

/** A rule of EventBridge with a schedule, or a schedule of EventBridge Scheduler. */
export interface ScheduleResource extends Resource {
  readonly name: string;
  readonly arn: string;
  /** E.g. `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)`. */
  readonly expression: string;
  readonly targets: readonly ScheduleTarget[];
}

export interface ScheduleTarget {
  readonly functionArn: string;
  /** JSON in place of the event; absent: the event that tells of the schedule. */
  readonly input?: string;
  /** As which the Scheduler invokes; absent for rules, which need a permission. */
  readonly role?: Role;
}
