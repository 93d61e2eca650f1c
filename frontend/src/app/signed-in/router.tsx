import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseTab } from '@/resource/detail/Tabs';
import { parseListState } from '@/resource/list/listState';
import { NotFoundPage } from '@/resource/NotFoundPage';
import { PageProblem } from '@/resource/PageProblem';
import { parseSearch, stringifySearch } from './address';
import { Shell } from './Shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const getParentRoute = () => root;

// Each by itself and not in the array below, where its path would lose its type and every link go unchecked.
const start = createRoute({
  getParentRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./Start')),
});

const account = createRoute({
  getParentRoute,
  path: '/account',
  validateSearch: parseTab,
  component: lazyRouteComponent(() => import('@/features/account/AccountPage')),
});

const users = createRoute({
  getParentRoute,
  path: '/users',
  staticData: { permission: 'users:read' },
  validateSearch: parseListState,
  component: lazyRouteComponent(() => import('@/features/users/UsersPage')),
});

const userCreate = createRoute({
  getParentRoute,
  path: '/users/new',
  staticData: { permission: 'users:write' },
  component: lazyRouteComponent(() => import('@/features/users/formPages'), 'UserCreatePage'),
});

const userImport = createRoute({
  getParentRoute,
  path: '/users/import',
  staticData: { permission: 'users:write' },
  component: lazyRouteComponent(() => import('@/features/users/formPages'), 'UserImportPage'),
});

const user = createRoute({
  getParentRoute,
  path: '/users/$id',
  staticData: { permission: 'users:read' },
  validateSearch: parseTab,
  component: lazyRouteComponent(() => import('@/features/users/UserPage')),
});

const userEdit = createRoute({
  getParentRoute,
  path: '/users/$id/edit',
  staticData: { permission: 'users:write' },
  component: lazyRouteComponent(() => import('@/features/users/formPages'), 'UserEditPage'),
});

const roles = createRoute({
  getParentRoute,
  path: '/roles',
  staticData: { permission: 'roles:read' },
  validateSearch: parseListState,
  component: lazyRouteComponent(() => import('@/features/roles/pages'), 'RolesPage'),
});

const roleCreate = createRoute({
  getParentRoute,
  path: '/roles/new',
  staticData: { permission: 'roles:write' },
  component: lazyRouteComponent(() => import('@/features/roles/pages'), 'RoleCreatePage'),
});

const role = createRoute({
  getParentRoute,
  path: '/roles/$id',
  staticData: { permission: 'roles:read' },
  validateSearch: parseTab,
  component: lazyRouteComponent(() => import('@/features/roles/pages'), 'RolePage'),
});

const roleEdit = createRoute({
  getParentRoute,
  path: '/roles/$id/edit',
  staticData: { permission: 'roles:write' },
  component: lazyRouteComponent(() => import('@/features/roles/pages'), 'RoleEditPage'),
});

const audit = createRoute({
  getParentRoute,
  path: '/audit',
  staticData: { permission: 'audit:read' },
  validateSearch: parseListState,
  component: lazyRouteComponent(() => import('@/features/audit/AuditPage')),
});

const routeTree = root.addChildren([
  start,
  account,
  users,
  userCreate,
  userImport,
  user,
  userEdit,
  roles,
  roleCreate,
  role,
  roleEdit,
  audit,
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
