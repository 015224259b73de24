import { covers } from './authorize.ts';
import type { CloudModel, Permission, PolicyStatement, Role } from '../model.ts';

/**
 * The rights that a template gives, taken apart: one action on one resource to one role, or one service
 * let into one function. Statements with NotAction or NotResource, and those that deny, cannot be taken
 * apart and are left alone.
 */
export type Grant =
  | {
      readonly kind: 'action';
      /** The role's name. */
      readonly role: string;
      readonly action: string;
      readonly resource: string;
    }
  | { readonly kind: 'permission'; readonly permission: Permission };

/** Every grant of a model, each once. */
export function grantsOf({ functions, permissions }: CloudModel): readonly Grant[] {
  const roles = new Map(functions.map(({ role }) => [role.arn, role]));
  const actions = [...roles.values()].flatMap((role) =>
    role.statements.filter(divisible).flatMap((statement) =>
      statement.actions.flatMap((action) =>
        statement.resources.map((resource) => ({
          kind: 'action' as const,
          role: role.name,
          action,
          resource,
        })),
      ),
    ),
  );
  const each = new Map(actions.map((grant) => [grantName(grant), grant]));
  return [
    ...each.values(),
    ...permissions.map((permission) => ({ kind: 'permission' as const, permission })),
  ];
}

/** A grant as one line for people; two that give the same have the same. */
export function grantName(grant: Grant): string {
  if (grant.kind === 'action') return `${grant.role}: ${grant.action} on ${grant.resource}`;
  const { principal, functionArn, sourceArn = 'anywhere' } = grant.permission;
  return `${principal} invokes ${functionArn} from ${sourceArn}`;
}

/** A role without some of its grants. */
export function without(role: Role, withdrawn: readonly Grant[]): Role {
  const gone = withdrawn.flatMap((grant) =>
    grant.kind === 'action' && grant.role === role.name ? [grant] : [],
  );
  if (gone.length === 0) return role;
  const isGone = (action: string, resource: string) =>
    gone.some((grant) => grant.action === action && grant.resource === resource);
  const statements = role.statements.flatMap((statement) =>
    divisible(statement)
      ? statement.resources.map((resource) => ({
          ...statement,
          resources: [resource],
          actions: statement.actions.filter((action) => !isGone(action, resource)),
        }))
      : [statement],
  );
  return { ...role, statements };
}

/** Is a call one of those that a grant is for? */
export function isFor(
  grant: Grant & { readonly kind: 'action' },
  action: string,
  resource: string,
): boolean {
  const { action: allowed, resource: on } = grant;
  const statement = { actions: [allowed], notActions: [], resources: [on], notResources: [] };
  return covers({ effect: 'Allow', conditions: {}, ...statement }, action, resource);
}

const divisible = ({ effect, notActions, notResources }: PolicyStatement) =>
  effect === 'Allow' && notActions.length === 0 && notResources.length === 0;
