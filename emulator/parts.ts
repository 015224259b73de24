import type { Activity } from './activity.ts';
import type { Clock } from './clock.ts';
import type { AccountThrottle } from './gateway/account-throttle.ts';
import type { Access } from './iam/access.ts';
import type { Log } from './log.ts';
import type { Meter } from './meter/meter.ts';
import type { CloudModel } from './model.ts';
import type { Trace } from './trace/trace.ts';

/** What every part of a cloud is given. */
export interface Parts {
  readonly model: CloudModel;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly activity: Activity;
  readonly meter: Meter;
  readonly trace: Trace;
  readonly access: Access;
  readonly throttle: AccountThrottle;
}

/** Says how to end a part that was started; parts end in the reverse order of their start. */
export type OnClose = (close: () => Promise<void>) => void;
