import { render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { MfaStatus } from '@/api/types';
import { SecondFactorStatus } from './SecondFactorStatus';

function show(status: Partial<MfaStatus>) {
  render(
    <SecondFactorStatus
      status={{
        has_password: true,
        enabled: false,
        required: true,
        methods: [],
        recovery_codes_left: 0,
        ...status,
      }}
      onOffer={vi.fn()}
      onRemove={vi.fn()}
      onNewCodes={vi.fn()}
    />,
  );
}

it('asks whom a role asks for a second factor to set one up', () => {
  show({});
  expect(screen.getByRole('status').textContent).toContain('a code is mailed to you at each sign-in');
});

it('is content with a passkey, and still offers an authenticator app', () => {
  show({ methods: [{ method: 'passkey', created_at: '2026-03-05T12:00:00Z' }] });
  expect(screen.queryByText(/a code is mailed/)).toBeNull();
  expect(screen.getByText(/which a passkey of yours is/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Set up an authenticator app' })).toBeTruthy();
});
