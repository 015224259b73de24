/** Returns no value at all. */
export async function handler() {}
