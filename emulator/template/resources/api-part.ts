import type { GenericSchema } from 'valibot';

import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, ResolvedResource, ResourceType } from './resource-type.ts';

/** Characters of the ids that API Gateway draws for the parts of an API. */
const PART_ID_LENGTH = 7;

interface Part {
  readonly ApiId: string;
}

/**
 * A resource that is part of an API and belongs to it by `ApiId`. `api.ts` puts the parts together;
 * a part whose API is not in the assembly has nothing to belong to, and is named as not run.
 */
export function apiPart<Properties extends Part>(
  type: string,
  properties: GenericSchema<unknown, Properties>,
  identity: Pick<ResourceType<Properties>, 'name' | 'identify'> = {
    identify: ({ id }) => ({ ref: id(PART_ID_LENGTH) }),
  },
): ResourceType<Properties> {
  return resourceType({
    type,
    properties,
    ...identity,
    read: (resource, cloud) =>
      cloud.has('AWS::ApiGatewayV2::Api', resource.properties.ApiId)
        ? {}
        : notRun(resource, `its API ${resource.properties.ApiId} is not in the assembly`),
  });
}

/** The parts of one type that belong to an API. */
export function partsOf<Properties extends Part>(
  apiId: string,
  type: ResourceType<Properties>,
  cloud: Cloud,
): ResolvedResource<Properties>[] {
  return cloud.all(type).filter(({ properties }) => properties.ApiId === apiId);
}
