import type { Quotas } from '../emulator/index.ts';
import { fail } from './command.ts';

/** Whether API Gateway's quotas of an account hold (`--quotas aws|off`). */
export function quotasOption(text: string): Quotas {
  if (text !== 'aws' && text !== 'off') {
    fail(`--quotas must be aws or off, not ${JSON.stringify(text)}`);
  }
  return text;
}
