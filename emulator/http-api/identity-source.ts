import type { Exchange } from './api-context.ts';
import { headerValue, joinedValues, queryOf } from './http-request.ts';

/**
 * The value of an identity source such as `$request.header.Authorization`; undefined when the request
 * has none, and an empty one counts as none. Of `$context` the variables below are known.
 */
export function identityOf(source: string, exchange: Exchange): string | undefined {
  const [, place = '', name = ''] =
    /^\$(request\.header|request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  return valueAt(place, name, exchange) || undefined;
}

function valueAt(place: string, name: string, exchange: Exchange): string | undefined {
  const { request, stage, route, path, requestId } = exchange;
  switch (place) {
    case 'request.header':
      return headerValue(request, name);
    case 'request.querystring':
      return joinedValues(queryOf(request))[name];
    case 'stageVariables':
      return stage.variables[name];
    case 'context':
      return {
        routeKey: route.routeKey,
        httpMethod: request.method,
        path,
        stage: stage.name,
        requestId,
        'identity.sourceIp': request.sourceIp,
      }[name];
    default:
      return undefined;
  }
}
