/** Two-way, but there is nothing to say. */
export async function handler() {
  return { statusCode: 200 };
}
