/** In one piece: each of them is small. */
export { default as UserCreatePage } from './UserCreatePage';
export { default as UserEditPage } from './UserEditPage';
export { default as UserImportPage } from './UserImportPage';
