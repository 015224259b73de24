import type { QueueSettings } from '../model.ts';

const DAY_SECONDS = 86_400;

/** What AWS gives a queue whose template says nothing else. */
export const QUEUE_DEFAULTS: QueueSettings = {
  visibilitySeconds: 30,
  delaySeconds: 0,
  waitSeconds: 0,
  retentionSeconds: 4 * DAY_SECONDS,
  // 1 MiB since August 2025.
  messageBytes: 1_048_576,
};
