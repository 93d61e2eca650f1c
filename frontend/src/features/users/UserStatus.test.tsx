import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { User } from '@/api/types';
import { UserStatus } from './UserStatus';

const user = { active: true, approved: true, email_verified: true } as User;

function chipsOf(differing: Partial<User>) {
  render(<UserStatus user={{ ...user, ...differing }} />);
  return ['Active', 'Inactive', 'Waiting for approval', 'Email not verified'].filter((text) =>
    screen.queryByText(text),
  );
}

it('tells of a user who may sign in just that', () => {
  expect(chipsOf({})).toEqual(['Active']);
});

it('tells of an address that is not verified, whatever else is missing', () => {
  expect(chipsOf({ email_verified: false, approved: false })).toEqual([
    'Waiting for approval',
    'Email not verified',
  ]);
});
