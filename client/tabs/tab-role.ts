import type { Answer, Frame } from '../connection/line.ts';
import type { TabMessage } from './tab-channel.ts';

/** What a tab does whether it leads or follows. */
export interface TabRole {
  readonly user: string | undefined;
  hear(message: TabMessage): void;
  ask(frame: Frame, uuid: string): Promise<Answer>;
  look(room: string | undefined): void;
  /** Tries again at once. */
  connect(): void;
  /** The page came to the front, or the network came back. */
  wake(): void;
}
