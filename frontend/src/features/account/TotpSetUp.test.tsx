import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { TotpSetUp } from './TotpSetUp';

const secret = 'VPBUTKM4IZZ5E4OQFEFNOTQUWWKXMNLZ';
const offer = { secret, otpauth_uri: `otpauth://totp/Reeve?secret=${secret}`, qr_svg: '<svg/>' };

it('shows the secret in as many lines as it takes, and selects it where the page can’t copy', async () => {
  render(<TotpSetUp offer={offer} onConfirmed={vi.fn()} onCancel={vi.fn()} />);
  const field = screen.getByLabelText<HTMLTextAreaElement>('No camera? Enter this instead');
  expect(field.type).toBe('textarea');
  await userEvent.click(screen.getByRole('button', { name: 'Copy' }));
  await screen.findByText(/It is selected: copy it by hand/);
  expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe(secret);
});
