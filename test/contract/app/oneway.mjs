/** One-way: whatever it returns, the client gets nothing. `status` chooses a status code. */
export async function handler(event) {
  const { status } = JSON.parse(event.body);
  return { statusCode: status ?? 200, body: 'not passed on' };
}
