import { type FaultPlan, FaultPlanError, readPlanFile } from '../emulator/index.ts';
import { fail } from './command.ts';

/** What is to go wrong (`--faults FILE`); a plan that cannot be used is one clear line. */
export function faultsOption(file: string | undefined): FaultPlan {
  if (file === undefined) return {};
  try {
    return readPlanFile(file);
  } catch (error) {
    if (error instanceof FaultPlanError) fail(error.message);
    throw error;
  }
}
