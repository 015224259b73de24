import { IAM_MODES, type IamMode } from '../emulator/index.ts';
import { fail } from './command.ts';

/** What becomes of calls that no policy allows (`--iam off|warn|enforce`). */
export function iamOption(text: string): IamMode {
  const mode = IAM_MODES.find((name) => name === text);
  if (mode === undefined) {
    fail(
      `--iam must be ${IAM_MODES.join(', ').replace(/, (?=\w+$)/, ' or ')}, not ${JSON.stringify(text)}`,
    );
  }
  return mode;
}
