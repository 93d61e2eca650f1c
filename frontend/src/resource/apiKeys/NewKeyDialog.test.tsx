import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { NewApiKey } from '@/api/types';
import { NewKeyDialog } from './NewKeyDialog';

it('is closed by nothing but the word that the key is kept: it is never shown again', async () => {
  const onClose = vi.fn();
  const created = { name: 'backup', key: 'reeve_secret' } as NewApiKey;
  render(<NewKeyDialog created={created} onClose={onClose} />);
  const dialog = screen.getByRole('dialog');
  // What a browser makes of Escape, or of going back on a phone.
  fireEvent(dialog, new Event('cancel', { cancelable: true }));
  expect(onClose).not.toHaveBeenCalled();
  expect(dialog.getAttribute('closedby')).toBe('none');
  await userEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
  expect(onClose).toHaveBeenCalledOnce();
});
