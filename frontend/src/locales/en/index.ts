import { account } from './account';
import { apiKeys } from './apiKeys';
import { audit } from './audit';
import { auth } from './auth';
import { common } from './common';
import { impersonation } from './impersonation';
import { mfa } from './mfa';
import { overview } from './overview';
import { passkeys } from './passkeys';
import { password } from './password';
import { problem } from './problem';
import { resource } from './resource';
import { roles } from './roles';
import { users } from './users';

export const english = {
  ...common,
  account,
  apiKeys,
  audit,
  auth,
  impersonation,
  mfa,
  overview,
  passkeys,
  password,
  problem,
  resource,
  roles,
  users,
} as const;
