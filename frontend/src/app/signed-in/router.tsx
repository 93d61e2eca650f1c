import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseTab } from '@/resource/detail/Tabs';
import { parseListState } from '@/resource/list/listState';
import { NotFoundPage } from '@/resource/NotFoundPage';
import { PageProblem } from '@/resource/PageProblem';
import { parseSearch, stringifySearch } from './address';
import { Shell } from './Shell';
import { Start } from './Start';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const page = { getParentRoute: () => root };
const users = {
  read: { ...page, staticData: { permission: 'users:read' } },
  write: { ...page, staticData: { permission: 'users:write' } },
};
const roles = {
  read: { ...page, staticData: { permission: 'roles:read' } },
  write: { ...page, staticData: { permission: 'roles:write' } },
};
const audit = { read: { ...page, staticData: { permission: 'audit:read' } } };

const routeTree = root.addChildren([
  createRoute({ ...page, path: '/', component: Start }),
  createRoute({
    ...page,
    path: '/account',
    component: lazyRouteComponent(() => import('@/features/account/AccountPage')),
  }),
  createRoute({
    ...users.read,
    path: '/users',
    validateSearch: parseListState,
    component: lazyRouteComponent(() => import('@/features/users/UsersPage')),
  }),
  createRoute({
    ...users.write,
    path: '/users/new',
    component: lazyRouteComponent(() => import('@/features/users/UserCreatePage')),
  }),
  createRoute({
    ...users.write,
    path: '/users/import',
    component: lazyRouteComponent(() => import('@/features/users/UserImportPage')),
  }),
  createRoute({
    ...users.read,
    path: '/users/$id',
    validateSearch: parseTab,
    component: lazyRouteComponent(() => import('@/features/users/UserPage')),
  }),
  createRoute({
    ...users.write,
    path: '/users/$id/edit',
    component: lazyRouteComponent(() => import('@/features/users/UserEditPage')),
  }),
  createRoute({
    ...roles.read,
    path: '/roles',
    validateSearch: parseListState,
    component: lazyRouteComponent(() => import('@/features/roles/RolesPage')),
  }),
  createRoute({
    ...roles.write,
    path: '/roles/new',
    component: lazyRouteComponent(() => import('@/features/roles/RoleCreatePage')),
  }),
  createRoute({
    ...roles.read,
    path: '/roles/$id',
    validateSearch: parseTab,
    component: lazyRouteComponent(() => import('@/features/roles/RolePage')),
  }),
  createRoute({
    ...roles.write,
    path: '/roles/$id/edit',
    component: lazyRouteComponent(() => import('@/features/roles/RoleEditPage')),
  }),
  createRoute({
    ...audit.read,
    path: '/audit',
    validateSearch: parseListState,
    component: lazyRouteComponent(() => import('@/features/audit/AuditPage')),
  }),
]);

export function createAppRouter() {
  return createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => <PageProblem error={error} retry={reset} />,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
  interface StaticDataRouteOption {
    /** What one needs in order to see the page; whoever lacks it is told so in its place. */
    permission?: string;
  }
}
