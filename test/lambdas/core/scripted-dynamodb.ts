import type { DynamoDb } from '../../../lambdas/core/aws/dynamodb.ts';

/** A DynamoDB that answers what a test set, in order, and throws when it is asked anything else. */
export interface ScriptedDynamoDb extends DynamoDb {
  readonly calls: readonly { readonly operation: string; readonly input: object }[];
}

type Answer = object | Error | ((input: object) => object);

/** `answers` are by operation; an error among them is thrown, a function is given the input. */
export function scriptedDynamoDb(
  answers: Readonly<Record<string, readonly Answer[]>>,
): ScriptedDynamoDb {
  const left = new Map(Object.entries(answers).map(([name, list]) => [name, [...list]]));
  const calls: { operation: string; input: object }[] = [];
  return {
    calls,
    async call(operation: string, input: object) {
      calls.push({ operation, input });
      const answer = left.get(operation)?.shift();
      if (answer === undefined) throw new Error(`Nothing is set for this ${operation}`);
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(input) : answer;
    },
  };
}
