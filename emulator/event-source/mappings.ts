import type { CloudModel, TableResource } from '../model.ts';
import type { Principal } from '../iam/principal.ts';
import { type Mapping, type MappingOptions, startMapping } from './mapping.ts';
import { asFunction } from './function-rights.ts';
import type { TableStream } from './stream.ts';
import { crowdedStreams, duplicateRefusal } from './stream-readers.ts';

/** All event source mappings of a cloud. */
export interface Mappings {
  /** By the construct path of each. */
  readonly byPath: ReadonlyMap<string, Mapping>;
  /** Somebody wrote to this table. */
  wake(tableName: string): void;
  /** Starts them; what was written before is found by its place in the stream. */
  start(options: MappingsOptions): Promise<void>;
  /** Resolves when each has found nothing more to do. */
  quiet(): Promise<void>;
  close(): void;
}

export interface MappingsOptions extends Omit<MappingOptions, 'mapping' | 'stream'> {
  readonly openStream: (table: TableResource) => TableStream;
  /** As whom a mapping reads and reports: its function; default: as the administrator. */
  readonly principalOf?: (functionArn: string) => Principal;
}

export function createMappings({ mappings, tables }: CloudModel): Mappings {
  const byPath = new Map<string, Mapping>();
  const tableOf = (streamArn: string) => tables.find((table) => table.streamArn === streamArn);
  const pathsByTable = Map.groupBy(mappings, ({ streamArn }) => tableOf(streamArn)?.name);
  return {
    byPath,
    wake(tableName) {
      for (const { path } of pathsByTable.get(tableName) ?? []) byPath.get(path)?.wake();
    },
    async start({ openStream, principalOf = () => ({ kind: 'administrator' }), ...options }) {
      for (const line of crowdedStreams(mappings)) options.log('emulator', line);
      for (const [index, mapping] of mappings.entries()) {
        const table = tableOf(mapping.streamArn);
        if (table === undefined) continue;
        const principal = () => principalOf(mapping.functionArn);
        const judged = asFunction(principal, mapping, openStream(table), options.send);
        const duplicate = duplicateRefusal(mapping, mappings.slice(0, index));
        const refused = duplicate === undefined ? {} : { refusal: duplicate };
        const started = startMapping({ ...options, mapping, ...judged, ...refused });
        byPath.set(mapping.path, started);
        await started.ready;
      }
    },
    async quiet() {
      for (const mapping of byPath.values()) await mapping.quiet();
    },
    close() {
      for (const mapping of byPath.values()) mapping.close();
    },
  };
}
