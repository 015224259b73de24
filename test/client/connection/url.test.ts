import { describe, expect, test } from 'vitest';

import { toSocketUrl } from '../../../client/connection/url.ts';

describe('the url of a chat', () => {
  test.each([
    'wss://abc.execute-api.eu-central-1.amazonaws.com/prod',
    'ws://localhost:4000/prod',
    'ws://chat.localhost/prod',
    'ws://127.0.0.1:4000/prod',
    'ws://127.9.8.7/prod',
    'ws://[::1]:4000/prod',
  ])('may be %s', (url) => {
    expect(toSocketUrl(url)).toBe(url);
  });

  test.each([
    'ws://chat.example/prod',
    'ws://127.0.0.1.example/prod',
    'ws://localhost.example/prod',
    'ws://notlocalhost/prod',
    'ws://10.0.0.1/prod',
    'ws://localhost@chat.example/prod',
    'ws://0.0.0.0/prod',
    'http://localhost/prod',
    'https://chat.example/prod',
    'wss://chat.example/prod#there',
    'chat.example',
    '',
  ])('is never %s, which would send a token in the clear or nowhere', (url) => {
    expect(() => toSocketUrl(url)).toThrow(TypeError);
  });
});
