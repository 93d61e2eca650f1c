/** In one piece: each of them is small, and whoever opens one opens another. */
export { default as RoleCreatePage } from './RoleCreatePage';
export { default as RoleEditPage } from './RoleEditPage';
export { default as RolePage } from './RolePage';
export { default as RolesPage } from './RolesPage';
