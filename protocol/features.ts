/** What a client can bear beyond the seed protocol; names that are not here are ignored. */
export const FEATURES = ['ack', 'batch'] as const;

export type Feature = (typeof FEATURES)[number];
