import type { Service } from '../service.ts';
import type { Bill } from './bill.ts';

/** Where the bill is, on every port of a cloud. */
export const METER_PATH = '/_parley/meter';

/**
 * Serves the bill as JSON at `METER_PATH`, to anybody on this machine: it holds construct paths, route
 * keys and numbers, and nothing that anybody said.
 */
export function createMeterService(bill: () => Bill): Service {
  return async ({ method, path }) => {
    if (path.replace(/\?.*$/s, '') !== METER_PATH) return { status: 404 };
    if (method !== 'GET') return { status: 405, headers: { allow: 'GET' } };
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify(bill()),
    };
  };
}
