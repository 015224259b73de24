import { expect, test } from 'vitest';

import { findResource } from '../../../emulator/handles/find-resource.ts';

const tables = [
  { name: 'App-Orders1', path: 'App/Orders/Resource' },
  { name: 'App-Old2', path: 'App/Archive/Orders/Resource' },
  { name: 'users', path: 'App/Users/Resource' },
];
const find = (called: string) => findResource('table', tables, called).name;

test.each([
  ['users', 'users'],
  ['App/Users', 'users'],
  ['App/Users/Resource', 'users'],
  ['Users', 'users'],
  ['Archive/Orders', 'App-Old2'],
  ['App/Orders', 'App-Orders1'],
])('%s is found', (called, name) => {
  expect(find(called)).toBe(name);
});

test('what is not there, or there twice, is an error that lists what is', () => {
  expect(() => find('Rooms')).toThrow(
    'There is no table Rooms; there is App/Orders, App/Archive/Orders, App/Users',
  );
  expect(() => find('Orders')).toThrow(
    'There is more than one table Orders; there is App/Orders, App/Archive/Orders',
  );
  expect(() => findResource('queue', [], 'x')).toThrow('there is none at all');
});
