import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { json, serve } from '@/testing/server';
import { OwnSignIns } from './OwnSignIns';

const reasons = [
  'unknown',
  'wrong_password',
  'wrong_code',
  'wrong_passkey',
  'not_a_person',
  'inactive',
  'unapproved',
  'unverified',
  'too_many_attempts',
  'second_factor_unavailable',
  'brand_new',
];

it('says in words why an attempt was refused, also where the reason is a new one', async () => {
  const items = reasons.map((reason) => ({
    id: reason,
    at: '2026-03-05T12:00:00Z',
    outcome: 'refused',
    reason,
  }));
  serve({ 'GET /api/v1/me/sign-ins': () => json({ items, total: items.length, total_is_estimate: false }) });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <OwnSignIns />
    </QueryClientProvider>,
  );
  const attempts = await screen.findAllByRole('listitem');
  const said = attempts.map(({ textContent }) => textContent ?? '');
  expect(said).toHaveLength(reasons.length);
  expect(said.filter((text) => text.includes('for another reason'))).toHaveLength(1);
  expect(new Set(said).size).toBe(reasons.length);
  for (const text of said) expect(text).not.toMatch(/_/);
});
