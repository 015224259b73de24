/** Two-way: the client gets the event its message became. */
export async function handler(event) {
  return { statusCode: 200, body: JSON.stringify(event) };
}
