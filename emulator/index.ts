export { AssemblyError } from './template/assembly.ts';
export { manualClock, realClock } from './clock.ts';
export { type Cloud, type CloudOptions, type RunningApi, startCloud } from './cloud.ts';
export { EngineError } from './dynamodb/engine.ts';
export { PortInUse } from './front.ts';
