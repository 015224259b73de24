import type { CloudOptions } from './cloud-options.ts';
import type { CredentialStore } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { type Front, type FrontServices, startFront } from './front.ts';
import type { RunningHttpApi } from './http-api/http-api.ts';
import type { CloudModel, HttpApi, WebSocketApi } from './model.ts';
import type { OnClose } from './parts.ts';

// Which port is whose: each API has a server of its own, those of WebSockets first.

/** Where an HTTP API answers. */
export interface HttpApiAddress {
  readonly id: string;
  readonly name: string;
  /** `http://127.0.0.1:PORT/` of the `$default` stage, else `http://127.0.0.1:PORT/STAGE`. */
  readonly url: string;
}

/** Servers that listen already, and answer once they are told with what. */
export async function openFronts(
  { apis, httpApis }: CloudModel,
  { port = 0 }: CloudOptions,
  credentials: CredentialStore,
  onClose: OnClose,
): Promise<readonly Front[]> {
  const start = (own: number) => startFront({ port: own, credentials });
  const fronts = await startFronts(apis.length + httpApis.length, port, start);
  for (const front of fronts) onClose(() => front.close());
  return fronts;
}

/** One server for each API, or one for a cloud without APIs. */
async function startFronts(
  apis: number,
  port: number,
  start: (port: number) => Promise<Front>,
): Promise<readonly Front[]> {
  const fronts: Front[] = [];
  try {
    for (let index = 0; index < Math.max(1, apis); index += 1) {
      fronts.push(await start(port === 0 ? 0 : port + index));
    }
    return fronts;
  } catch (error) {
    for (const front of fronts) await front.close();
    throw error;
  }
}

/** The API whose port this is; those of WebSockets come first. */
export function servedOn(
  index: number,
  sockets: readonly { readonly served: NonNullable<FrontServices['api']> }[],
  https: readonly RunningHttpApi[],
): Pick<FrontServices, 'api' | 'http'> {
  const api = sockets[index]?.served;
  const http = https[index - sockets.length];
  return { ...(api === undefined ? {} : { api }), ...(http === undefined ? {} : { http }) };
}

/** Where what the template names is here. */
export const endpointsOf = (
  { apis, httpApis }: CloudModel,
  fronts: readonly Front[],
): Endpoints => ({
  apis: Object.fromEntries(
    [...apis, ...httpApis].map(({ apiId }, index) => [apiId, fronts[index]?.url ?? '']),
  ),
  base: fronts[0]?.url ?? '',
});

/** The address of an API's first stage. */
export const managementOf = ({ apiId, stages }: WebSocketApi, endpoints: Endpoints): string =>
  `${endpoints.apis[apiId]}/${stages[0]?.name ?? ''}`;

/** The address of its `$default` stage, or else of its first. */
export function httpAddressOf(
  { apiId, name, stages }: HttpApi,
  endpoints: Endpoints,
): HttpApiAddress {
  const stage = stages.some((each) => each.name === '$default') ? '' : (stages[0]?.name ?? '');
  return { id: apiId, name, url: `${endpoints.apis[apiId]}/${stage}` };
}
