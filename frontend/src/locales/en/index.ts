import { account } from './account';
import { audit } from './audit';
import { auth } from './auth';
import { common } from './common';
import { overview } from './overview';
import { problem } from './problem';
import { resource } from './resource';
import { roles } from './roles';
import { users } from './users';

export const english = {
  ...common,
  account,
  audit,
  auth,
  overview,
  problem,
  resource,
  roles,
  users,
} as const;
