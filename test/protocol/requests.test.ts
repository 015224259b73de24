import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ERROR_MESSAGES } from '../../protocol/errors.ts';
import {
  AuthenticateFields,
  DeleteMessageFields,
  EditMessageFields,
  type Envelope,
  HistoryFields,
  NewMessageFields,
  parseEnvelope,
  parseEnvelopeOf,
  parseFields,
  PinFields,
  ReactFields,
  refuse,
  RoomFields,
  SyncFields,
} from '../../protocol/requests.ts';

const envelope = (fields: object): Envelope => {
  const body = JSON.stringify({ uuid: '1', action: 'new_message', ...fields });
  const read = parseEnvelope(body);
  if ('refused' in read) throw new Error(`refused: ${read.refused}`);
  return read;
};

const token = (fields: object) => parseFields(AuthenticateFields, envelope(fields));
const room = (fields: object) => parseFields(RoomFields, envelope(fields));
const text = (fields: object) => parseFields(NewMessageFields, envelope(fields));
const edit = (fields: object) => parseFields(EditMessageFields, envelope(fields));
const remove = (fields: object) => parseFields(DeleteMessageFields, envelope(fields));
const react = (fields: object) => parseFields(ReactFields, envelope(fields));
const pin = (fields: object) => parseFields(PinFields, envelope(fields));
const history = (fields: object) => parseFields(HistoryFields, envelope(fields));
const sync = (fields: object) => parseFields(SyncFields, envelope(fields));

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
    const frame = { text: 'hi', user: 'bob', seq: 7, nonce: 'x', kind: 'edit', target: 1 };
    expect(text(frame)).toEqual({ fields: { text: 'hi' } });
  });
});

const NO_NUMBERS = [null, '1', true, [1], { a: 1 }, 1.5, 2 ** 53];
const NO_SEQS = [...NO_NUMBERS, 0, -1];

describe('[M12] what comes with a message', () => {
  const said = (fields: object) => text({ text: 'hi', ...fields });

  test('is read beside its text', () => {
    const fields = { reply_to: 7, mentions: ['ann', 'bob'], meta: { deep: [null] }, if_head: 0 };
    expect(said(fields)).toEqual({ fields: { text: 'hi', ...fields } });
  });

  test.each(NO_SEQS)('is no answer to %j', (reply_to) => {
    expect(said({ reply_to })).toMatchObject({ refused: 'invalid_reply_to' });
  });

  test.each([null, 'ann', {}, [1], [null], [''], ['a b'], ['#'], [['ann']], Array(21).fill('ann')])(
    'mentions nobody as %j',
    (mentions) => {
      expect(said({ mentions })).toMatchObject({ refused: 'invalid_mentions' });
      expect(edit({ target: 1, text: 'hi', mentions })).toMatchObject({
        refused: 'invalid_mentions',
      });
    },
  );

  test('mentions up to twenty, each name in its one spelling', () => {
    expect(said({ mentions: ['e\u0301va'] })).toMatchObject({ fields: { mentions: ['\u00e9va'] } });
    expect(said({ mentions: Array(20).fill('ann') })).toHaveProperty('fields');
    expect(said({ mentions: [] })).toMatchObject({ fields: { mentions: [] } });
  });

  test.each([null, 0, false, '', 'x'.repeat(2_046), '好'.repeat(682), [], { __proto__: null }])(
    'has a meta of %j',
    (meta) => {
      expect(said({ meta })).toMatchObject({ fields: { meta } });
    },
  );

  test.each(['x'.repeat(2_047), '好'.repeat(683), { a: '"'.repeat(1_100) }])(
    'has no meta of more than 2,048 bytes of JSON',
    (meta) => {
      expect(said({ meta })).toMatchObject({ refused: 'invalid_meta' });
    },
  );

  test('has no meta that is nested deeper than it is long', () => {
    const nested = `${'['.repeat(16_000)}${']'.repeat(16_000)}`;
    const read = parseEnvelope(`{"uuid":"1","action":"new_message","text":"hi","meta":${nested}}`);
    if ('refused' in read) throw new Error('refused');
    expect(parseFields(NewMessageFields, read)).toMatchObject({ refused: 'invalid_meta' });
  });

  test('[M11] is meant for a head: a number, or 0', () => {
    expect(said({ if_head: 0 })).toMatchObject({ fields: { if_head: 0 } });
    expect(said({})).not.toHaveProperty('fields.if_head');
    for (const if_head of [...NO_NUMBERS, -1]) {
      expect(said({ if_head })).toMatchObject({ refused: 'invalid_if_head' });
    }
  });
});

describe('the target of an action', () => {
  const more = { text: 'hi', emoji: '👍' };
  test.each([
    ['[X1] edit', edit],
    ['[X2] delete', remove],
    ['[X3] react', react],
    ['[X4] pin', pin],
  ])('of %s is the number of an entry', (_what, read) => {
    expect(read({ target: 7, ...more })).toMatchObject({ fields: { target: 7 } });
    for (const target of [undefined, ...NO_SEQS]) {
      expect(read({ target, ...more })).toMatchObject({ refused: 'invalid_target', uuid: '1' });
    }
  });

  test('[X1] of an edit comes with a text, by the rules of every text', () => {
    expect(edit({ target: 1, text: ' ' })).toMatchObject({ refused: 'empty_text' });
    expect(edit({ target: 1, text: '\ud83d' })).toMatchObject({ refused: 'invalid_text' });
    expect(edit({ target: 1, text: 'x'.repeat(4_001) })).toMatchObject({
      refused: 'text_too_long',
    });
  });

  test('[X4] of a pin is pinned, unless false is said', () => {
    expect(pin({ target: 1 })).toEqual({ fields: { target: 1, pinned: true } });
    expect(pin({ target: 1, pinned: false })).toEqual({ fields: { target: 1, pinned: false } });
  });

  test('[X3] of a reaction gets it, unless it is to be removed', () => {
    const read = (fields: object) => react({ target: 1, emoji: '👍', ...fields });
    expect(read({})).toMatchObject({ fields: { remove: false } });
    expect(read({ remove: true })).toMatchObject({ fields: { remove: true } });
  });
});

describe('[X3] a reaction', () => {
  test.each(['👍', '❤️', '👍🏽', '👩‍👩‍👧', '🇨🇭', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '⌚', '😶‍🌫️'])('can be %s', (emoji) => {
    expect(react({ target: 1, emoji })).toMatchObject({ fields: { emoji } });
  });

  test.each([
    undefined,
    null,
    '',
    1,
    ['👍'],
    'like',
    '1',
    ' 👍',
    '👍 ',
    '<b>👍',
    '\u202e👍',
    '\ud83d',
    '👍'.repeat(17),
    '__proto__',
    // Words are no emoji, with one or without.
    'like👍',
    '👍like',
    '👍\u202e',
  ])('cannot be %j', (emoji) => {
    expect(react({ target: 1, emoji })).toMatchObject({ refused: 'invalid_emoji' });
  });
});

describe('[H1] a page of history', () => {
  test.each([
    [{}, { limit: 100 }],
    [{ limit: 1 }, { limit: 1 }],
    [
      { before: 7, limit: 100 },
      { before: 7, limit: 100 },
    ],
    [{ after: 0 }, { after: 0, limit: 100 }],
    [{ around: 7 }, { around: 7, limit: 100 }],
  ])('can be %j', (asked, fields) => {
    expect(history(asked)).toEqual({ fields });
  });

  test.each([
    { before: 7, after: 1 },
    { after: 0, around: 1 },
    { before: 7, around: 1 },
    { before: 3, after: 1, around: 2 },
    { limit: 101 },
    { after: -1 },
    ...NO_SEQS.flatMap((number) => [{ before: number }, { around: number }, { limit: number }]),
    ...NO_NUMBERS.map((after) => ({ after })),
  ])('cannot be %j', (asked) => {
    expect(history(asked)).toMatchObject({ refused: 'invalid_page', uuid: '1' });
  });
});

describe('[S1] the rooms of a sync', () => {
  test('are each with the last number known, 0 for none', () => {
    expect(sync({ rooms: { r: 7, constructor: 0 } })).toEqual({
      fields: {
        rooms: [
          ['r', 7],
          ['constructor', 0],
        ],
      },
    });
  });

  test('are up to a hundred', () => {
    const rooms = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, 0]));
    expect(sync({ rooms: rooms(100) })).toHaveProperty('fields');
    expect(sync({ rooms: rooms(101) })).toMatchObject({ refused: 'invalid_rooms' });
  });

  test.each([
    undefined,
    null,
    'r',
    ['r'],
    [],
    {},
    { r: -1 },
    { ['r'.repeat(129)]: 0 },
    // Neither can be a key of a row: DynamoDB refuses to read them.
    { '': 0 },
    { 'r\ud83d': 0 },
    ...NO_NUMBERS.map((seq) => ({ r: seq })),
  ])('cannot be %j', (rooms) => {
    expect(sync({ rooms })).toMatchObject({ refused: 'invalid_rooms', uuid: '1' });
  });
});

test('reads any fields without throwing, and refuses them in words of its own', () => {
  const any = () => fc.oneof(fc.jsonValue(), fc.integer(), fc.string({ unit: 'binary' }));
  const fields = fc.record(
    {
      token: any(),
      features: any(),
      room: any(),
      text: any(),
      target: fc.oneof(fc.constant(1), any()),
      emoji: any(),
      remove: any(),
      pinned: any(),
      mentions: fc.oneof(fc.array(any()), any()),
      reply_to: any(),
      meta: any(),
      if_head: any(),
      before: any(),
      after: any(),
      around: any(),
      limit: any(),
      rooms: fc.oneof(fc.dictionary(fc.string(), any()), any()),
    },
    { requiredKeys: [] },
  );
  const readers = [token, room, text, edit, remove, react, pin, history, sync];
  fc.assert(
    fc.property(fields, (hostile) => {
      for (const reader of readers) {
        const read = reader(hostile);
        if ('refused' in read) expect(Object.keys(ERROR_MESSAGES)).toContain(read.refused);
      }
    }),
    { numRuns: 300 },
  );
});
