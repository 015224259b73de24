import { post } from './watcher.mjs';

/** Posts `data` to the connection `to`, and tells the sender how that went. */
export async function handler(event) {
  const { to, data } = JSON.parse(event.body);
  try {
    await post(to, data);
    return { statusCode: 200, body: JSON.stringify({ posted: true }) };
  } catch (error) {
    return { statusCode: 200, body: JSON.stringify({ posted: false, error: error.name }) };
  }
}
