/** Two-way: the client gets its own message back; the headers and the status are not for it. */
export async function handler(event) {
  return { statusCode: 200, headers: { 'X-Not-Passed-On': '1' }, body: event.body };
}
