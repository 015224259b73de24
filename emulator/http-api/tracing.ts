import { rawQuery } from './http-request.ts';
import type { HttpRequest, HttpResponse } from './http-request.ts';
import type { HttpApiContext } from './api-context.ts';

/** What the trace sees of one HTTP API: each request with its answer. */
export function traceRequest(
  { api, trace }: HttpApiContext,
  { method, url, body }: HttpRequest,
  answered: { readonly answer: HttpResponse; readonly by?: string; readonly ms: number },
): void {
  if (trace === undefined) return;
  const { answer, by, ms } = answered;
  const query = rawQuery(url);
  const content = `${query === '' ? '' : `?${query} `}${body.toString()}`.trim();
  const said = answer.body.toString();
  trace.addRequest({
    api: api.path,
    method,
    path: url.replace(/\?.*$/s, ''),
    code: answer.status,
    by,
    ms,
    ...(content === '' ? {} : { content }),
    ...(said === '' ? {} : { answer: said }),
  });
}
