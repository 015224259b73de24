import { describe, expect, test } from 'vitest';

import { failureRecord, type GivenUp } from '../../../emulator/event-source/failure-record.ts';
import { numberOf, record, STREAM_ARN } from './stream-double.ts';

const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:broadcast';
const at = Date.UTC(2022, 6, 13, 13, 48, 1) / 1000;

const givenUp: GivenUp = {
  condition: 'RetryAttemptsExhausted',
  functionArn: FUNCTION_ARN,
  streamArn: STREAM_ARN,
  shardId: 'shardId-1',
  records: [record({ sequence: 1, atSeconds: at }), record({ sequence: 2, atSeconds: at + 1.5 })],
  invokeCount: 4,
  requestId: 'request-1',
  outcome: {
    outcome: 'failed',
    requestId: 'request-1',
    errorType: 'Error',
    errorMessage: 'secret words',
    timedOut: false,
  },
  nowMs: at * 1000 + 5,
};

describe('a failure record', () => {
  test('[REC f20] says where the records are and why they were given up', () => {
    expect(failureRecord(givenUp)).toEqual({
      requestContext: {
        requestId: 'request-1',
        functionArn: FUNCTION_ARN,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 4,
      },
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: 'Unhandled',
      },
      version: '1.0',
      timestamp: '2022-07-13T13:48:01.005Z',
      DDBStreamBatchInfo: {
        shardId: 'shardId-1',
        startSequenceNumber: numberOf(1),
        endSequenceNumber: numberOf(2),
        approximateArrivalOfFirstRecord: '2022-07-13T13:48:01Z',
        approximateArrivalOfLastRecord: '2022-07-13T13:48:02Z',
        batchSize: 2,
        streamArn: STREAM_ARN,
      },
    });
  });

  test('[REC f20] has its fields in the order recorded', () => {
    expect(Object.keys(failureRecord(givenUp))).toEqual([
      'requestContext',
      'responseContext',
      'version',
      'timestamp',
      'DDBStreamBatchInfo',
    ]);
  });

  test('[REC f19] has a null function error when partial responses used up the retries', () => {
    const outcome = { outcome: 'returned', requestId: 'request-1', payload: {} } as const;
    expect(failureRecord({ ...givenUp, outcome })).toMatchObject({
      responseContext: { statusCode: 200, functionError: null },
    });
  });

  test('has no response when the function was never reached', () => {
    const body = failureRecord({
      ...givenUp,
      condition: 'RecordAgeExceeded',
      invokeCount: 0,
      outcome: { outcome: 'throttled', requestId: 'request-1' },
    });
    expect(body).not.toHaveProperty('responseContext');
    expect(body).toMatchObject({ requestContext: { approximateInvokeCount: 0 } });
  });

  test('[REC f20] holds neither the records nor the error’s words', () => {
    const text = JSON.stringify(failureRecord(givenUp));
    expect(text).not.toContain('secret words');
    expect(text).not.toContain('NewImage');
  });
});
