/** Longer than the time limit of its integration. */
const LONGER_MS = 5000;

export async function handler() {
  await new Promise((resolve) => setTimeout(resolve, LONGER_MS).unref());
  return { statusCode: 200, body: 'too late' };
}
