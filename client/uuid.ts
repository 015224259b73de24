const UUID_BYTES = 16;

/** A new name for a request. `crypto.randomUUID` would want a page that came over https. */
export const newUuid = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(UUID_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
