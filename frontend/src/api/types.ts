import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type User = Schemas['User'];
export type Me = Schemas['Me'];
export type Role = Schemas['Role'];
export type Permission = Schemas['Permission'];
export type Session = Schemas['Session'];
export type ApiKey = Schemas['ApiKey'];
export type NewApiKey = Schemas['NewApiKey'];
export type MfaMethod = Schemas['MfaMethod'];
export type MfaStatus = Schemas['MfaStatus'];
export type CeremonyOptions = Schemas['CeremonyOptions'];
export type Passkey = Schemas['Passkey'];
export type TotpOffer = Schemas['TotpOffer'];
export type AuditEvent = Schemas['AuditEvent'];
export type ImportReport = Schemas['ImportReport'];
export type Config = Schemas['PublicConfig'];
export type SignInAnswer = Schemas['SignIn'];
export type SignedIn = Extract<SignInAnswer, { status: 'ok' }>;

export type ImpersonationGrant = Schemas['ImpersonationGrant'];

export interface Page<Row> {
  items: Row[];
  total: number;
  total_is_estimate: boolean;
  next_cursor?: string | null;
}

/** What every list takes; `filter` is repeatable and all of them hold. */
export interface ListQuery {
  limit?: number;
  cursor?: string;
  page?: number;
  sort?: string;
  q?: string;
  filter?: string[];
}
