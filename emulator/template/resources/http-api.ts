import * as v from 'valibot';

import type { CorsConfiguration, HttpApi } from '../../model.ts';
import { partsOf } from './api-part.ts';
import { readHttpRoute, uncheckedInHttp } from './http-route.ts';
import { flag, number, text } from './properties.ts';
import { notRun } from './resource-type.ts';
import type { Cloud, Contribution, ResolvedResource } from './resource-type.ts';
import { route } from './route.ts';
import { readStage, stage } from './stage.ts';

/**
 * `AWS::ApiGatewayV2::Api` of the protocol HTTP, put together from its routes, integrations,
 * authorizers and stages. An API that is declared as an OpenAPI document, or by a target of its own,
 * has no such parts and is not run.
 */
export const httpProperties = {
  CorsConfiguration: v.optional(
    v.object({
      AllowOrigins: v.optional(v.array(text), []),
      AllowMethods: v.optional(v.array(text), []),
      AllowHeaders: v.optional(v.array(text), []),
      ExposeHeaders: v.optional(v.array(text), []),
      AllowCredentials: v.optional(flag, false),
      MaxAge: v.optional(number),
    }),
  ),
  Body: v.optional(v.unknown()),
  BodyS3Location: v.optional(v.unknown()),
  Target: v.optional(text),
};

const properties = v.object({ Name: v.optional(text, ''), ...httpProperties });

type Api = ResolvedResource<v.InferOutput<typeof properties>>;

/** What an HTTP API adds to the model. */
export function readHttpApi(resource: Api, cloud: Cloud): Contribution {
  const { Body, BodyS3Location, Target } = resource.properties;
  if (Body !== undefined || BodyS3Location !== undefined) {
    return notRun(resource, 'an API declared as an OpenAPI document is not run');
  }
  if (Target !== undefined) return notRun(resource, 'an API with a target of its own is not run');
  const routes = partsOf(resource.identity.ref, route, cloud);
  const unsupported = routes.flatMap((declared) =>
    uncheckedInHttp(declared, cloud).flatMap(
      (reason) => notRun(declared, reason).unsupported ?? [],
    ),
  );
  return { httpApis: [modelOf(resource, cloud)], unsupported };
}

function modelOf({ logicalId, path, identity, properties }: Api, cloud: Cloud): HttpApi {
  const { Name, CorsConfiguration } = properties;
  return {
    logicalId,
    path,
    apiId: identity.ref,
    name: Name,
    routes: partsOf(identity.ref, route, cloud).map((declared) => readHttpRoute(declared, cloud)),
    stages: partsOf(identity.ref, stage, cloud).map(({ properties }) => readStage(properties)),
    ...(CorsConfiguration === undefined ? {} : { cors: readCors(CorsConfiguration) }),
  };
}

function readCors(
  declared: NonNullable<Api['properties']['CorsConfiguration']>,
): CorsConfiguration {
  return {
    allowOrigins: declared.AllowOrigins,
    allowMethods: declared.AllowMethods,
    allowHeaders: declared.AllowHeaders,
    exposeHeaders: declared.ExposeHeaders,
    allowCredentials: declared.AllowCredentials,
    ...(declared.MaxAge === undefined ? {} : { maxAgeSeconds: declared.MaxAge }),
  };
}
