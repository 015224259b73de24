/**
 * What a client can bear beyond the seed protocol; names that are not here are ignored. The last four
 * each ask for one kind of frame about what is going on in the room that the client looks at.
 */
export const FEATURES = ['ack', 'batch', 'typing', 'signals', 'presence', 'receipts'] as const;

export type Feature = (typeof FEATURES)[number];
