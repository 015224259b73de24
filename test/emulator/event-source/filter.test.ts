import { describe, expect, test } from 'vitest';

import { matches, parsePattern } from '../../../emulator/event-source/filter.ts';
import { record } from './stream-double.ts';

/** Does a record with this new image, or any object, pass the pattern? */
function passes(pattern: object, given: object): boolean {
  const parsed = parsePattern(JSON.stringify(pattern));
  if ('error' in parsed) throw new Error(parsed.error);
  return matches(parsed.pattern, given);
}

const item = (image: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
  record({ sequence: 1, image });
const onImage = (image: object) => ({ dynamodb: { NewImage: image } });

describe('a pattern', () => {
  test('[DOC f33] matches a root key by any of its values', () => {
    expect(passes({ eventName: ['REMOVE', 'INSERT'] }, item({}))).toBe(true);
    expect(passes({ eventName: ['REMOVE'] }, item({}))).toBe(false);
  });

  test('[DOC f33] needs every one of its keys', () => {
    const both = { eventName: ['INSERT'], eventVersion: ['1.1'] };
    expect(passes(both, item({}))).toBe(true);
    expect(passes({ ...both, awsRegion: ['nowhere'] }, item({}))).toBe(false);
  });

  test('[DOC f33] is exact and sees the case', () => {
    expect(passes({ eventName: ['insert'] }, item({}))).toBe(false);
    expect(passes({ eventName: ['INSER'] }, item({}))).toBe(false);
  });

  test('[REC f34] matches an attribute below its type key and never without it', () => {
    const given = item({ presentKey: { S: 'presentValue' } });
    expect(passes(onImage({ presentKey: { S: ['presentValue'] } }), given)).toBe(true);
    expect(passes(onImage({ presentKey: ['presentValue'] }), given)).toBe(false);
  });

  test('[REC f35] exists: true asks for the type key as leaf', () => {
    const present = onImage({ presentKey: { S: [{ exists: true }] } });
    expect(passes(present, item({ presentKey: { S: 'v' } }))).toBe(true);
    expect(passes(present, item({}))).toBe(false);
    expect(
      passes(onImage({ presentKey: [{ exists: true }] }), item({ presentKey: { S: 'v' } })),
    ).toBe(false);
  });

  test('[REC f35] exists: false above the type key passes with and without the key', () => {
    const absent = onImage({ presentKey: [{ exists: false }] });
    expect(passes(absent, item({}))).toBe(true);
    expect(passes(absent, item({ presentKey: { S: 'presentValue' } }))).toBe(true);
  });

  test('[DOC f33] exists: false at the type key tells them apart', () => {
    const absent = onImage({ presentKey: { S: [{ exists: false }] } });
    expect(passes(absent, item({}))).toBe(true);
    expect(passes(absent, item({ presentKey: { S: 'presentValue' } }))).toBe(false);
  });

  test('[REC f36] numeric never matches an N, which is text, but anything-but does', () => {
    const pattern = onImage({ n: { N: [{ numeric: ['>', 100] }, { 'anything-but': '101' }] } });
    expect(passes(pattern, item({ n: { N: '42' } }))).toBe(true);
    expect(passes(pattern, item({ n: { N: '101' } }))).toBe(false);
  });

  test('[REC f37] ApproximateCreationDateTime is a number', () => {
    const at = (condition: unknown[]) => ({
      dynamodb: { ApproximateCreationDateTime: [{ numeric: condition }] },
    });
    expect(passes(at(['>', 0]), item({}))).toBe(true);
    expect(passes(at(['>', 0, '<', 10]), item({}))).toBe(false);
  });

  test('[REC f38] prefix matches the beginning of a text', () => {
    const pattern = onImage({ prefix: { S: [{ prefix: 'us-1' }] } });
    expect(passes(pattern, item({ prefix: { S: 'us-1-other-suffix' } }))).toBe(true);
    expect(passes(pattern, item({ prefix: { S: 'other-suffix' } }))).toBe(false);
  });

  test('[DOC f33] null matches null and "" the empty text, and neither a missing key', () => {
    expect(passes({ k: [null] }, { k: null })).toBe(true);
    expect(passes({ k: [null] }, { k: '' })).toBe(false);
    expect(passes({ k: [null] }, {})).toBe(false);
    expect(passes(onImage({ k: { S: [''] } }), item({ k: { S: '' } }))).toBe(true);
    expect(passes(onImage({ k: { S: [''] } }), item({}))).toBe(false);
  });

  test('[DOC f33] anything-but takes one value or many, and needs the leaf', () => {
    const but = (refused: unknown) => ({ eventName: [{ 'anything-but': refused }] });
    expect(passes(but('MODIFY'), item({}))).toBe(true);
    expect(passes(but(['MODIFY', 'INSERT']), item({}))).toBe(false);
    expect(passes(but('x'), {})).toBe(false);
  });

  test('[DOC f39] lets the last of two equal keys win', () => {
    const parsed = parsePattern('{"eventName":["REMOVE"],"eventName":["INSERT"]}');
    expect('pattern' in parsed && matches(parsed.pattern, item({}))).toBe(true);
  });

  test('matches sets and lists by any of their elements', () => {
    const given = item({ tags: { SS: ['a', 'b'] }, list: { L: [{ S: 'x' }, { S: 'y' }] } });
    expect(passes(onImage({ tags: { SS: ['b'] } }), given)).toBe(true);
    expect(passes(onImage({ tags: { SS: ['c'] } }), given)).toBe(false);
    expect(passes(onImage({ list: { L: { S: ['y'] } } }), given)).toBe(true);
  });

  test('matches booleans', () => {
    expect(passes(onImage({ b: { BOOL: [true] } }), item({ b: { BOOL: true } }))).toBe(true);
    expect(passes(onImage({ b: { BOOL: [true] } }), item({ b: { BOOL: false } }))).toBe(false);
  });

  test('does not find what every object inherits', () => {
    expect(passes({ toString: [{ exists: true }] }, item({}))).toBe(false);
    expect(passes({ constructor: { name: ['Object'] } }, item({}))).toBe(false);
  });
});

describe('a pattern that cannot be read', () => {
  test.each([
    ['single-string', 'it is not JSON'],
    ['[{"eventName": ["INSERT"=123}]', 'it is not JSON'],
    ['["INSERT"]', 'it must be a JSON object'],
    ['{"eventName":"INSERT"}', 'eventName must be an object or a list with an entry'],
    ['{"dynamodb":{"NewImage":[]}}', 'dynamodb.NewImage must be an object or a list with an entry'],
    ['{"eventName":[{"suffix":"T"}]}', 'eventName: the operator suffix is not supported'],
    ['{"eventName":[{"numeric":[">"]}]}', 'eventName: numeric takes pairs like ">", 0, "<=", 5'],
    ['{"eventName":[{"numeric":["~",1]}]}', 'eventName: numeric takes pairs like ">", 0, "<=", 5'],
    ['{"eventName":[{"exists":"yes"}]}', 'eventName: exists takes true or false'],
    ['{"eventName":[{"prefix":1}]}', 'eventName: prefix takes a text'],
    [
      '{"eventName":[{"anything-but":{"prefix":"a"}}]}',
      'eventName: anything-but takes texts or numbers',
    ],
    ['{"eventName":[["INSERT"]]}', 'eventName: a condition must be a value or an operator'],
    ['{"eventName":[{}]}', 'eventName: a condition must be a value or an operator'],
    ['{"$or":[{"a":[1]}]}', '$or: $or is not supported'],
  ])('[REC f32] %s begins with AWS’s words and says why', (text, reason) => {
    expect(parsePattern(text)).toEqual({
      error: `Invalid filter pattern definition: ${reason}.`,
    });
  });
});
