import { transactElements } from '../dynamodb/table-names.ts';
import { serviceError, type ServiceResponse } from '../service.ts';
import type { ItemCall } from './item-call.ts';

/**
 * The answer to a call that met a transaction at work on the same item: a transaction is cancelled with
 * one reason for each of its elements (here the first is the one in conflict), a single write is
 * refused.
 */
export function answerConflict({ operation, input }: ItemCall): ServiceResponse {
  const ongoing = 'Transaction is ongoing for the item';
  if (!operation.startsWith('Transact')) {
    return serviceError(400, 'TransactionConflictException', ongoing);
  }
  const conflict = { Code: 'TransactionConflict', Message: ongoing };
  const CancellationReasons = transactElements(input).map((_, index) =>
    index === 0 ? conflict : { Code: 'None' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const type = 'TransactionCanceledException';
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return {
    ...serviceError(400, type, message),
    body: JSON.stringify({ __type: type, Message: message, CancellationReasons }),
  };
}
