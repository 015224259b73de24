export { AssemblyError } from './template/assembly.ts';
export { manualClock, realClock } from './clock.ts';
export {
  type Cloud,
  type CloudOptions,
  type HttpApiAddress,
  type RunningApi,
  startCloud,
} from './cloud.ts';
export { type FaultPlan, FaultPlanError, readPlanFile } from './faults/plan.ts';
export { EngineError } from './dynamodb/engine.ts';
export type { Grant } from './iam/grants.ts';
export { IAM_MODES, type Iam, type IamMode } from './iam/access.ts';
export type { ConnectionsHandle, Handles, QueueHandle } from './handles/handles.ts';
export type { PlainItem, PlainValue } from './handles/plain-value.ts';
export { TableError, type TableHandle } from './handles/table.ts';
export { PortInUse } from './front.ts';
export { createLogLines } from './log-lines.ts';
export type { Bill } from './meter/bill.ts';
export { billTable } from './meter/bill-table.ts';
