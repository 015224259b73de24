import { describe, expect, test } from 'vitest';

import {
  authorizerEvent,
  connectEvent,
  disconnectEvent,
  messageEvent,
  requestTime,
} from '../../../emulator/gateway/events.ts';
import type { EventSubject } from '../../../emulator/gateway/events.ts';
import type { HandshakeRequest, Pairs } from '../../../emulator/gateway/handshake-request.ts';

const HOST = 'abcd123.execute-api.us-east-1.amazonaws.com';

const SUBJECT: EventSubject = {
  apiId: 'abcd123',
  stage: 'prod',
  stageVariables: {},
  connectionId: 'BFHPhfCWIAMCKlQ=',
  connectedAt: 1_731_324_924_553,
  domainName: HOST,
  identity: { sourceIp: '166.90.225.1' },
};
const REQUEST = { requestId: 'BFHPhFe3IAMF95g=', at: 1_731_324_924_561 };
const TRACE = 'Root=1-6731ebfc-08e1e656421db73c5d2eef31';

function handshakeOf(query: Pairs = [], headers: Pairs = []): HandshakeRequest {
  return {
    method: 'GET',
    url: '/prod',
    stageName: 'prod',
    headers: [
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', '+W5xw47OHh3OTFsWKjGu9Q=='],
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
      ['Host', HOST],
      ...headers,
    ],
    query,
    host: HOST,
    sourceIp: '166.90.225.1',
  };
}

describe('connectEvent', () => {
  test('[REC a1] is the recorded event, byte for byte', () => {
    const headers = {
      Host: HOST,
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
      'Sec-WebSocket-Key': '+W5xw47OHh3OTFsWKjGu9Q==',
      'Sec-WebSocket-Version': '13',
      'X-Amzn-Trace-Id': TRACE,
      'X-Forwarded-For': '166.90.225.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    };
    const recorded = {
      headers,
      multiValueHeaders: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, [value]]),
      ),
      requestContext: {
        routeKey: '$connect',
        eventType: 'CONNECT',
        extendedRequestId: 'BFHPhFe3IAMF95g=',
        requestTime: '11/Nov/2024:11:35:24 +0000',
        messageDirection: 'IN',
        stage: 'prod',
        connectedAt: 1_731_324_924_553,
        requestTimeEpoch: 1_731_324_924_561,
        identity: { sourceIp: '166.90.225.1' },
        requestId: 'BFHPhFe3IAMF95g=',
        domainName: HOST,
        connectionId: 'BFHPhfCWIAMCKlQ=',
        apiId: 'abcd123',
      },
      isBase64Encoded: false,
    };
    const built = connectEvent(SUBJECT, REQUEST, handshakeOf(), TRACE);
    expect(JSON.stringify(built)).toBe(JSON.stringify(recorded));
  });

  test('[REC a2] has every value of a repeated query key, and the last alone', () => {
    const query: Pairs = [
      ['a', '1'],
      ['a', '2'],
      ['__proto__', 'x'],
    ];
    const event = connectEvent(SUBJECT, REQUEST, handshakeOf(query), TRACE);
    expect(JSON.stringify(event['queryStringParameters'])).toBe('{"a":"2","__proto__":"x"}');
    expect(JSON.stringify(event['multiValueQueryStringParameters'])).toBe(
      '{"a":["1","2"],"__proto__":["x"]}',
    );
  });

  test('[REC a3] keeps the case of the names a client sent', () => {
    const event = connectEvent(SUBJECT, REQUEST, handshakeOf([], [['x-MiXed', '1']]), TRACE);
    expect(event['headers']).toMatchObject({ 'x-MiXed': '1' });
  });

  test('[REC a8] has the user agent in its identity only if there was one', () => {
    const identity = { userAgent: 'a browser', sourceIp: '::1' };
    const event = connectEvent({ ...SUBJECT, identity }, REQUEST, handshakeOf(), TRACE);
    expect(event['requestContext']).toMatchObject({ identity });
  });

  test('[SRC a] tells how long the authorizer took, beside its context', () => {
    const subject = { ...SUBJECT, authorizer: { principalId: 'ann' } };
    expect(connectEvent(subject, REQUEST, handshakeOf(), TRACE, 7)['requestContext']).toMatchObject(
      {
        authorizer: { principalId: 'ann', integrationLatency: 7 },
      },
    );
    const message = { routeKey: 'x', messageId: 'y', body: '' };
    expect(messageEvent(subject, REQUEST, message)['requestContext']).toMatchObject({
      authorizer: { principalId: 'ann' },
    });
  });
});

describe('authorizerEvent', () => {
  test('[DOC a11] has the headers of the upgrade, sorted among the others', () => {
    const event = authorizerEvent(SUBJECT, REQUEST, handshakeOf(), TRACE, 'arn');
    expect(Object.keys(Object(event['headers'])).slice(0, 3)).toEqual([
      'Connection',
      'content-length',
      'Host',
    ]);
    expect(event['headers']).toMatchObject({ Connection: 'upgrade', Upgrade: 'websocket' });
    expect(event['multiValueHeaders']).toMatchObject({ 'content-length': ['0'] });
    expect(event).toMatchObject({ type: 'REQUEST', methodArn: 'arn', stageVariables: {} });
  });
});

describe('messageEvent', () => {
  test('[REC a4] is the recorded event, byte for byte', () => {
    const subject = {
      ...SUBJECT,
      connectionId: 'BFaT_fALIAMCKug=',
      connectedAt: 1_731_332_735_513,
    };
    const recorded = `{"requestContext":{"routeKey":"chat","messageId":"BFaVtfGSIAMCKug=","eventType":"MESSAGE","extendedRequestId":"BFaVtH2HoAMFZEQ=","requestTime":"11/Nov/2024:13:45:46 +0000","messageDirection":"IN","stage":"prod","connectedAt":1731332735513,"requestTimeEpoch":1731332746514,"identity":{"sourceIp":"166.90.225.1"},"requestId":"BFaVtH2HoAMFZEQ=","domainName":"${HOST}","connectionId":"BFaT_fALIAMCKug=","apiId":"abcd123"},"body":"{\\"action\\": \\"chat\\", \\"message\\": \\"Hello from client\\"}","isBase64Encoded":false}`;
    const built = messageEvent(
      subject,
      { requestId: 'BFaVtH2HoAMFZEQ=', at: 1_731_332_746_514 },
      {
        routeKey: 'chat',
        messageId: 'BFaVtfGSIAMCKug=',
        body: '{"action": "chat", "message": "Hello from client"}',
      },
    );
    expect(JSON.stringify(built)).toBe(recorded);
  });

  test('[UNV a] has the stage variables when the stage has some', () => {
    const subject = { ...SUBJECT, stageVariables: { colour: 'green' } };
    const message = { routeKey: 'x', messageId: 'y', body: '' };
    expect(messageEvent(subject, REQUEST, message)).toMatchObject({
      stageVariables: { colour: 'green' },
    });
  });
});

describe('disconnectEvent', () => {
  test('[REC a6] is the recorded event, byte for byte', () => {
    const subject = {
      ...SUBJECT,
      connectionId: 'BFaT_fALIAMCKug=',
      connectedAt: 1_731_332_735_513,
    };
    const recorded = `{"headers":{"Host":"${HOST}","x-api-key":"","X-Forwarded-For":"","x-restapi":""},"multiValueHeaders":{"Host":["${HOST}"],"x-api-key":[""],"X-Forwarded-For":[""],"x-restapi":[""]},"requestContext":{"routeKey":"$disconnect","disconnectStatusCode":1005,"eventType":"DISCONNECT","extendedRequestId":"BFbOeE87IAMF31w=","requestTime":"11/Nov/2024:13:51:49 +0000","messageDirection":"IN","disconnectReason":"Client-side close frame status not set","stage":"prod","connectedAt":1731332735513,"requestTimeEpoch":1731333109875,"identity":{"sourceIp":"166.90.225.1"},"requestId":"BFbOeE87IAMF31w=","domainName":"${HOST}","connectionId":"BFaT_fALIAMCKug=","apiId":"abcd123"},"isBase64Encoded":false}`;
    const built = disconnectEvent(
      subject,
      { requestId: 'BFbOeE87IAMF31w=', at: 1_731_333_109_875 },
      { code: 1005, reason: 'Client-side close frame status not set' },
    );
    expect(JSON.stringify(built)).toBe(recorded);
  });
});

test('[REC a9] requestTime is Common Log Format, two digits for the day', () => {
  expect(requestTime(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe('02/Jan/2026:03:04:05 +0000');
});
