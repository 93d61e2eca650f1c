import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, serve } from '@/testing/server';
import { NewPasswordField } from './NewPasswordField';

beforeEach(() => {
  const password = { min_length: 10, max_length: 128, min_strength: 3, breach_check: false, history: 0 };
  serve({ 'GET /api/v1/config': () => json({ password }) });
});

function show(names: string[] = []) {
  render(
    <form>
      <label>
        Email <input name="email" />
      </label>
      <NewPasswordField name="password" label="New password" error={undefined} names={names} />
      <button type="reset">Empty</button>
    </form>,
  );
  return screen.getByLabelText<HTMLInputElement>('New password');
}

async function says(text: RegExp | string) {
  await waitFor(() => expect(document.querySelector('[aria-live]')?.textContent).toMatch(text));
}

it('says in words how strong a password is while it is typed, and what would help', async () => {
  const field = show();
  expect(screen.queryByRole('meter')).toBeNull();
  await userEvent.type(field, 'short');
  await says('Too short: use at least 10 characters.');
  await userEvent.clear(field);
  // Two of these are one.
  await userEvent.type(field, 'qwertyuiop[[]');
  await says(/^Strength: (very )?weak\. It has to be good at least\. Neighbouring keys/);
  await userEvent.clear(field);
  await userEvent.type(field, 'seven kites over water');
  await says(/^Strength: strong\.$/);
  const meter = screen.getByRole('meter', { name: 'Strength of the password' });
  expect(meter.getAttribute('aria-valuetext')).toBe('Strength: strong.');
  expect(meter.getAttribute('value')).toBe('4');
});

it('knows the names of whose password it is, those that are typed in the same form included', async () => {
  const field = show(['Quincy Underhill']);
  await userEvent.type(field, 'QuincyUnderhill');
  await says(/weak\..* What anybody knows of you is tried first\./);
  await userEvent.clear(field);
  await userEvent.type(field, 'threlkeldbrum');
  await says(/^Strength: (good|strong)\.$/);
  await userEvent.type(screen.getByLabelText('Email'), 'threlkeldbrum@example.com');
  await says(/weak\. It has to be good at least\. What anybody knows of you/);
});

it('says nothing any more of a field that was emptied', async () => {
  const field = show();
  await userEvent.type(field, 'seven kites over water');
  await says('strong');
  await userEvent.click(screen.getByRole('button', { name: 'Empty' }));
  await says(/^$/);
  expect(screen.queryByRole('meter')).toBeNull();
});
