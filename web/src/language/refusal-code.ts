import type { ErrorCode } from '../../../protocol/errors.ts';

/** Codes by which an action can fail: the protocol's, and those of the way to the server. */
export type RefusalCode = ErrorCode | 'offline' | 'timed_out' | 'closed' | 'unknown';
