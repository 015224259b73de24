import type { Lambda } from './aws/lambda.ts';
import type { PostBudget } from './post-budget.ts';
import { report } from './report.ts';

/**
 * The broadcaster's way to a large room: it starts a job that posts for it (`fan-out.ts`), and goes on.
 * A job tells all that is in the log when it begins. So while one waits for its time, what comes into
 * the room joins it for nothing: the busier the account, the more is in each frame.
 */
export interface FanOutJob {
  readonly room: string;
  /** Number of the first entry to be told. */
  readonly from: number;
  /** Milliseconds from its start until it begins; no time of day, for clocks differ. */
  readonly waitMs: number;
  /** Posts that the budget has been charged for. */
  readonly charged: number;
  /** People who have just left the room, and may still be among those listed. */
  readonly without: readonly string[];
}

export interface FanOutJobs {
  /** True while a job of the room waits: it will tell whatever is in the log now. */
  isWaiting(room: string): boolean;
  /** Starts one for a room of about so many connections; false when the posts are left to `sync`. */
  start(job: Pick<FanOutJob, 'room' | 'from' | 'without'>, connections: number): Promise<boolean>;
}

export function createFanOutJobs(options: {
  readonly lambda: Lambda;
  readonly functionName: string;
  readonly budget: PostBudget;
  readonly now?: () => number;
}): FanOutJobs {
  const { lambda, functionName, budget, now = Date.now } = options;
  /** When the newest job of a room begins at the earliest; those that may have begun are forgotten. */
  const beginsAt = new Map<string, number>();

  const remember = (room: string, notBefore: number) => {
    for (const [other, time] of beginsAt) if (time <= now()) beginsAt.delete(other);
    beginsAt.set(room, notBefore);
  };

  return {
    isWaiting: (room) => (beginsAt.get(room) ?? 0) > now(),

    async start(asked, connections) {
      const mayBegin = await budget.take(connections);
      if (mayBegin === undefined) return false;
      const waitMs = Math.max(0, mayBegin - now());
      const job: FanOutJob = { ...asked, waitMs, charged: connections };
      // Before it is started: however soon it is, it waits from then on.
      const notBefore = now() + waitMs;
      try {
        await lambda.start(functionName, job);
      } catch (error) {
        // Posts are hints: a room that nobody could be told of holds up no other.
        report({ route: 'broadcast', outcome: 'no job', reason: (error as Error).message });
        return false;
      }
      remember(asked.room, notBefore);
      return true;
    },
  };
}
