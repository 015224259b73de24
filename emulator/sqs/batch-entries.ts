/** Batch operations: up to ten entries, each done for itself, so that some may fail. */
import { batchError } from './errors.ts';
import { isInput, Refusal, text, type Input } from './input.ts';

const MAX_BATCH_ENTRIES = 10;

/** The batch form of an operation on one message. */
export function eachEntry<Context>(
  operation: (entry: Input, context: Context) => object,
): (input: Input, context: Context) => object {
  return (input, context) => {
    const successful: object[] = [];
    const failed: object[] = [];
    for (const entry of entriesOf(input)) {
      const Id = text(entry, 'Id');
      try {
        successful.push({ Id, ...operation(entry, context) });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { queryCode, message } = error.error;
        failed.push({ Id, Code: queryCode, Message: message, SenderFault: true });
      }
    }
    return { Successful: successful, ...(failed.length > 0 && { Failed: failed }) };
  };
}

/** The entries of a batch that may be taken as a whole. */
export function entriesOf(input: Input): readonly Input[] {
  const entries = Array.isArray(input['Entries']) ? input['Entries'].filter(isInput) : [];
  if (entries.length === 0) {
    const message = 'There should be at least one SendMessageBatchRequestEntry in the request.';
    throw new Refusal(batchError('EmptyBatchRequest', message));
  }
  if (entries.length > MAX_BATCH_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_BATCH_ENTRIES}. You have sent ${entries.length}.`;
    throw new Refusal(batchError('TooManyEntriesInBatchRequest', message));
  }
  const ids = entries.map((entry) => text(entry, 'Id'));
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  if (repeated !== undefined) {
    throw new Refusal(batchError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`));
  }
  return entries;
}
