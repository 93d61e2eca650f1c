import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { User } from '@/api/types';
import { UserActions } from './UserActions';

vi.mock('@tanstack/react-router', () => ({ useNavigate: () => () => {}, useParams: () => ({}) }));
vi.mock('@/access/useSession', () => ({ useCan: () => () => true, useMe: () => ({ id: '1' }) }));
vi.stubGlobal(
  'BroadcastChannel',
  class {
    postMessage() {}
  },
);

const ann = {
  id: '2',
  email: 'ann@example.com',
  kind: 'person',
  active: true,
  approved: false,
  mfa_enabled: false,
} as User;

async function ask(act: string, user: Partial<User>): Promise<string | null> {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <UserActions user={{ ...ann, ...user }} />
    </QueryClientProvider>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Actions' }));
  await userEvent.click(screen.getByRole('button', { name: act }));
  return screen.getByRole('dialog').textContent;
}

it('promises no sign-in to whom it approves before the address is verified', async () => {
  expect(await ask('Approve', { email_verified: false })).toContain('as soon as they have verified it');
});

it('says of an account with a verified address that it can sign in', async () => {
  expect(await ask('Approve', { email_verified: true })).toContain('can sign in from now on');
});

it('mails a link for what somebody waits for, and none to whom it would be of no use', async () => {
  expect(await ask('Mail a link', { email_verified: false })).toContain('By it they verify their address');
});

it.each([
  { kind: 'service', approved: true, email_verified: true },
  { active: false, approved: true, email_verified: true },
  { approved: false, email_verified: true },
] as const)('offers no link where there is none to be mailed: %o', async (user) => {
  await expect(ask('Mail a link', user)).rejects.toThrow('Mail a link');
});

it('names all that resetting the access takes away', async () => {
  const said = await ask('Reset access', {});
  for (const lost of [
    'sessions',
    'Passkeys',
    'linked accounts',
    'API keys',
    'devices',
    'has to be changed',
  ]) {
    expect(said).toContain(lost);
  }
});
