import type { ApiKey, NewApiKey, Page } from '@/api/types';

export interface KeyToCreate {
  name: string;
  /** Without them: all that the owner may do, at any time. */
  permissions?: string[];
  expires_at: string | null;
  allowed_networks: string[];
}

/** Whose keys they are, and how they are kept: one's own, or those of a user whom one administers. */
export interface KeyKeeper {
  queryKey: readonly string[];
  list: () => Promise<Page<ApiKey>>;
  create: (key: KeyToCreate) => Promise<NewApiKey>;
  remove: (id: string) => Promise<unknown>;
}
