export async function handler() {
  throw new Error('as asked');
}
