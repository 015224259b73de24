/**
 * What the embedded engine's stream needs beside its own doing, put into its SQLite file by a second
 * connection. dynoxide 1.2.1 looks for each record's number in an unindexed table that it never
 * trims, begins again at 1 for a table made anew, and hands that table the records of the old one.
 *
 * So: an index for that search, records older than 24 hours trimmed, those of a deleted table
 * removed, numbers that look like AWS's and never come again (each is the row's id, which SQLite
 * never reuses), and the mark that tells an expiry from a deletion. The table is private to dynoxide;
 * its version is pinned and `stream-table.test.ts` holds the cost.
 */
import { DatabaseSync } from 'node:sqlite';

/** How long a record stays in the stream, on the machine's clock. */
const RETENTION_SECONDS = 24 * 60 * 60;

/** AWS's are of 21 digits and more. */
export const SEQUENCE_NUMBER_DIGITS = 21;

/** Milliseconds to wait while the engine writes. */
const BUSY_MAX_MS = 5000;

/** What an expiry looks like: the item of this table has a number of at most `nowSeconds` here. */
export interface Removal {
  readonly tableName: string;
  readonly attribute: string;
  /** Epoch seconds. */
  readonly nowSeconds: number;
}

export interface StreamTable {
  /** Until the answer is called, removals like this one are DynamoDB's own. */
  markRemovals(removal: Removal): () => void;
  close(): void;
}

/** Prepares the file of an engine that has started, and so has its tables. */
export function prepareStreamTable(file: string): StreamTable {
  const database = new DatabaseSync(file, { timeout: BUSY_MAX_MS });
  database.exec(SCHEMA);
  const insert = database.prepare(
    'INSERT INTO _emulator_removals (table_name, attribute, now) VALUES (?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM _emulator_removals WHERE id = ?');
  return {
    markRemovals({ tableName, attribute, nowSeconds }) {
      const { lastInsertRowid } = insert.run(tableName, attribute, nowSeconds);
      return () => void remove.run(lastInsertRowid);
    },
    close: () => database.close(),
  };
}

const SERVICE = JSON.stringify({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });

const SCHEMA = `
  BEGIN IMMEDIATE;

  CREATE INDEX IF NOT EXISTS _emulator_sequence
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
  CREATE INDEX IF NOT EXISTS _emulator_age ON _stream_records (created_at);

  CREATE TABLE IF NOT EXISTS _emulator_removals
    (id INTEGER PRIMARY KEY, table_name TEXT, attribute TEXT, now INTEGER);
  DELETE FROM _emulator_removals;

  CREATE TRIGGER IF NOT EXISTS _emulator_record AFTER INSERT ON _stream_records BEGIN
    UPDATE _stream_records SET sequence_number = printf('%0${SEQUENCE_NUMBER_DIGITS}d', NEW.id)
      WHERE id = NEW.id;
    DELETE FROM _stream_records WHERE created_at < NEW.created_at - ${RETENTION_SECONDS};
  END;

  CREATE TRIGGER IF NOT EXISTS _emulator_removal AFTER INSERT ON _stream_records
    WHEN NEW.event_name = 'REMOVE' AND EXISTS (
      SELECT 1 FROM _emulator_removals AS removal, json_each(NEW.old_image) AS attribute
      WHERE removal.table_name = NEW.table_name AND attribute.key = removal.attribute
        AND CAST(json_extract(attribute.value, '$.N') AS REAL) <= removal.now
    ) BEGIN
    UPDATE _stream_records SET user_identity = '${SERVICE}' WHERE id = NEW.id;
  END;

  CREATE TRIGGER IF NOT EXISTS _emulator_table_deleted AFTER DELETE ON _tables BEGIN
    DELETE FROM _stream_records WHERE table_name = OLD.table_name;
  END;

  COMMIT;`;
