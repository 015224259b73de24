import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  AuthenticateFields,
  type Envelope,
  parseEnvelope,
  parseEnvelopeOf,
  parseFields,
  refuse,
  RoomFields,
  TextFields,
} from '../../protocol/requests.ts';

const envelope = (fields: object): Envelope => {
  const body = JSON.stringify({ uuid: '1', action: 'new_message', ...fields });
  const read = parseEnvelope(body);
  if ('refused' in read) throw new Error(`refused: ${read.refused}`);
  return read;
};

const token = (fields: object) => parseFields(AuthenticateFields, envelope(fields));
const room = (fields: object) => parseFields(RoomFields, envelope(fields));
const text = (fields: object) => parseFields(TextFields, envelope(fields));

describe('an envelope', () => {
  test.each(['', ' ', 'hello', '{', '{"uuid":"1"', "{'uuid':'1'}", 'undefined', 'NaN', '\ufeff{}'])(
    '[E2] refuses %j as no JSON, knowing nothing of it',
    (body) => {
      expect(parseEnvelope(body)).toEqual({ refused: 'invalid_json', uuid: null, action: null });
    },
  );

  test.each(['null', 'true', '0', '12', '"text"', '[]', '[{"uuid":"1","action":"a"}]', '{}'])(
    '[E1] refuses %s, which is no object with a uuid and an action',
    (body) => {
      expect(parseEnvelope(body)).toEqual({
        refused: 'invalid_message_format',
        uuid: null,
        action: null,
      });
    },
  );

  test.each([null, '', 0, false, [], {}])('[E3] takes a uuid of %j for empty', (uuid) => {
    const read = parseEnvelope(JSON.stringify({ uuid, action: 'select_room' }));
    expect(read).toEqual({ refused: 'invalid_message_format', uuid: null, action: 'select_room' });
  });

  test.each([null, '', 0, false, [], {}])('[E3] takes an action of %j for empty', (action) => {
    const read = parseEnvelope(JSON.stringify({ uuid: '1', action }));
    expect(read).toEqual({ refused: 'invalid_message_format', uuid: '1', action: null });
  });

  test.each([12, true, ['1'], { a: 1 }, 'x'.repeat(129), '\ud83d'])(
    '[E5] refuses a uuid of %j',
    (uuid) => {
      const read = parseEnvelope(JSON.stringify({ uuid, action: 'select_room' }));
      expect(read).toEqual({ refused: 'invalid_uuid', uuid: null, action: 'select_room' });
    },
  );

  test('[E5] takes a uuid of 128 characters', () => {
    const uuid = 'x'.repeat(128);
    expect(parseEnvelope(JSON.stringify({ uuid, action: 'a' }))).toMatchObject({ uuid });
  });

  test.each([12, true, ['new_message'], { a: 1 }, 'x'.repeat(129), '\udc00'])(
    '[E4] refuses an action of %j',
    (action) => {
      const read = parseEnvelope(JSON.stringify({ uuid: '1', action }));
      expect(read).toEqual({ refused: 'invalid_payload', uuid: '1', action: null });
    },
  );

  test('finds no uuid and no action in a prototype that a frame claims', () => {
    const body = '{"__proto__":{"uuid":"1","action":"authenticate"}}';
    expect(parseEnvelope(body)).toMatchObject({ refused: 'invalid_message_format', uuid: null });
  });

  test('leaves Object.prototype as it was, whatever keys a frame has', () => {
    const before = Reflect.ownKeys(Object.prototype);
    const read = parseEnvelope(
      '{"uuid":"1","action":"a","__proto__":{"seen":1},"constructor":{"prototype":{"seen":1}}}',
    );
    expect('refused' in read).toBe(false);
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
    expect('seen' in {}).toBe(false);
  });

  test('has the last of two equal keys, as JSON.parse does', () => {
    const body = '{"uuid":"1","uuid":"2","action":"a"}';
    expect(parseEnvelope(body)).toMatchObject({ uuid: '2' });
  });

  test('[E4] is refused on the route of another action', () => {
    const body = '{"uuid":"1","action":"select_room","action":"new_message","room":"r"}';
    expect(parseEnvelopeOf('new_message', body)).toMatchObject({ action: 'new_message' });
    expect(parseEnvelopeOf('select_room', body)).toEqual({
      refused: 'invalid_payload',
      uuid: '1',
      action: 'new_message',
      room: 'r',
    });
  });

  const printable = (value: unknown) =>
    value === null || (typeof value === 'string' && value.length <= 128 && value.isWellFormed());

  test.each([
    ['any text', fc.string({ unit: 'binary' })],
    ['any JSON', fc.json()],
    [
      'any object with a uuid and an action',
      fc
        .record({ uuid: fc.jsonValue(), action: fc.jsonValue(), room: fc.jsonValue() })
        .map((frame) => JSON.stringify(frame)),
    ],
  ])('never throws on %s, and lets nothing through but short texts', (_what, bodies) => {
    fc.assert(
      fc.property(bodies, (body) => {
        const read = parseEnvelope(body);
        expect(printable(read.uuid) && printable(read.action)).toBe(true);
        if ('refused' in read) return;
        expect(read.uuid).not.toBe('');
        expect(read.action).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the fields of authenticate', () => {
  test.each([null, 12, true, ['t'], { t: 1 }, 't'.repeat(513)])(
    'refuse a token of %j',
    (hostile) => {
      expect(token({ token: hostile })).toMatchObject({ refused: 'invalid_token', uuid: '1' });
    },
  );

  test('take an absent token for an empty one, which is nobody’s', () => {
    expect(token({})).toEqual({ fields: { token: '', features: [] } });
  });

  test('take a token of 512 characters', () => {
    expect(token({ token: 't'.repeat(512) })).toMatchObject({ fields: { features: [] } });
  });

  test.each([
    ['the known ones, once, in one order', ['batch', 'ack', 'ack'], ['ack', 'batch']],
    ['none of the unknown ones', ['voice', 'ack', '__proto__'], ['ack']],
    ['nothing that is no name', [1, null, ['ack'], { ack: true }], []],
    ['none of more than 32', ['ack', ...Array.from({ length: 32 }, String)], []],
    ['none of a text', 'ack', []],
    ['none of an object', { ack: true }, []],
    ['none of null', null, []],
    ['none when it is absent', undefined, []],
  ])('[A7] keep of the features %s', (_what, asked, features) => {
    expect(token({ token: 't', features: asked })).toEqual({ fields: { token: 't', features } });
  });

  test('[E8] drop every key they do not know', () => {
    const read = token({ token: 't', user: 'bob', admin: true, constructor: 'x' });
    expect(read).toEqual({ fields: { token: 't', features: [] } });
  });
});

describe('the room', () => {
  test.each([undefined, null, '', 12, true, ['r'], { r: 1 }, 'r'.repeat(129), 'r\ud83d'])(
    '[R2] is refused when it is %j',
    (hostile) => {
      expect(room({ room: hostile })).toMatchObject({ refused: 'invalid_room_id', uuid: '1' });
    },
  );

  test.each(['r', 'constructor', '__proto__', 'комната', 'r'.repeat(128)])('can be %s', (id) => {
    expect(room({ room: id })).toEqual({ fields: { room: id } });
  });

  test('is not taken from a prototype that a frame claims', () => {
    const read = parseEnvelope('{"uuid":"1","action":"a","__proto__":{"room":"r"}}');
    if ('refused' in read) throw new Error('refused');
    expect(parseFields(RoomFields, read)).toMatchObject({ refused: 'invalid_room_id' });
  });

  test('[E6] is repeated in a refusal, unless it is no text or too long', () => {
    const refusal = (hostile: unknown) => refuse(envelope({ room: hostile }), 'empty_text');
    expect(refusal('r')).toMatchObject({ room: 'r' });
    expect(refusal(12)).not.toHaveProperty('room');
    expect(refusal('r'.repeat(129))).not.toHaveProperty('room');
  });
});

describe('the text', () => {
  test.each([undefined, null, '', ' ', '\n\t\r ', '\u00a0\u3000\ufeff'])(
    '[M3] is refused as empty when it is %j',
    (blank) => {
      expect(text({ text: blank })).toMatchObject({ refused: 'empty_text' });
    },
  );

  test.each([0, 12, true, false, [], ['hi'], {}, { text: 'hi' }])(
    '[M5] is refused as no text when it is %j',
    (hostile) => {
      expect(text({ text: hostile })).toMatchObject({ refused: 'invalid_text' });
    },
  );

  test.each(['\ud83d', 'hi \ude00', '\ud83d\ud83d', '\ude00\ud83d'])(
    '[M5] is refused as ill-formed when it holds half a character: %j',
    (hostile) => {
      expect(text({ text: hostile })).toMatchObject({ refused: 'invalid_text' });
    },
  );

  test.each([
    ['letters', 'a'],
    ['emoji, two code units each', '😀'],
    ['Chinese, three bytes each', '好'],
  ])('[M4] holds 4,000 code points of %s, and not one more', (_what, character) => {
    const longest = character.repeat(4_000);
    expect(text({ text: longest })).toEqual({ fields: { text: longest } });
    expect(text({ text: `${longest}.` })).toMatchObject({ refused: 'text_too_long' });
  });

  test('[M7] is kept as it was typed, blanks around it included', () => {
    const typed = ' <b>hi</b>\n\u202e"quoted" \0 👩‍👩‍👧 e\u0301 ';
    expect(text({ text: typed })).toEqual({ fields: { text: typed } });
  });

  test('[M8] comes alone: a sender that the frame names is dropped', () => {
    expect(text({ text: 'hi', user: 'bob', seq: 7 })).toEqual({ fields: { text: 'hi' } });
  });
});

test('reads any fields without throwing, and refuses them in words of its own', () => {
  const codes = ['invalid_token', 'invalid_room_id', 'invalid_text', 'empty_text', 'text_too_long'];
  const fields = fc.record(
    {
      token: fc.jsonValue(),
      features: fc.jsonValue(),
      room: fc.jsonValue(),
      text: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fields, (hostile) => {
      for (const read of [token(hostile), room(hostile), text(hostile)]) {
        if ('refused' in read) expect(codes).toContain(read.refused);
      }
    }),
    { numRuns: 300 },
  );
});
