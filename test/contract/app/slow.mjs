/** Longer than the time limit of its integration. A timer that holds nothing would end the invocation. */
const LONGER_MS = 5000;

export async function handler() {
  await new Promise((resolve) => setTimeout(resolve, LONGER_MS));
  return { statusCode: 200, body: 'too late' };
}
