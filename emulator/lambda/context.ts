import type { SandboxCall } from './sandbox-messages.ts';

/**
 * The second argument of a handler. It reads the environment at every call, as Lambda's runtime does.
 * Not copied: `clientContext` and `identity`, which only mobile clients send.
 */
export interface InvocationContext {
  callbackWaitsForEmptyEventLoop: boolean;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** MB, as a string. */
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Milliseconds until the time-out. */
  getRemainingTimeInMillis(): number;
}

export function createContext(call: SandboxCall, functionArn: string): InvocationContext {
  const variable = (name: string) => process.env[name] ?? '';
  process.env['_X_AMZN_TRACE_ID'] = traceId(call);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: functionArn,
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    awsRequestId: call.requestId,
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    getRemainingTimeInMillis: () => call.deadlineMs - Date.now(),
  };
}

/** X-Ray's form: seconds and 24 digits, a segment of 16 digits; nothing is ever sampled here. */
function traceId({ requestId }: SandboxCall): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const digits = requestId.replaceAll('-', '');
  return `Root=1-${seconds}-${digits.slice(0, 24)};Parent=${digits.slice(-16)};Sampled=0`;
}
