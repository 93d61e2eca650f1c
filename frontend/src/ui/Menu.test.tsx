import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { Menu } from './Menu';

const focused = () => document.activeElement?.textContent;

async function show() {
  render(
    <Menu label="Actions">
      {() => (
        <>
          <button type="button">Approve</button>
          <button type="button" disabled>
            Bestow
          </button>
          <button type="button">Deactivate</button>
          <button type="button">Delete</button>
          <input aria-label="Reason" />
        </>
      )}
    </Menu>,
  );
  await userEvent.tab();
}

it('opens at an arrow key on its first item or its last, and closes on Escape', async () => {
  await show();
  await userEvent.keyboard('{ArrowDown}');
  expect(focused()).toBe('Approve');
  await userEvent.keyboard('{Escape}');
  expect(focused()).toBe('Actions');
  expect(screen.queryByText('Approve')).toBeNull();
  await userEvent.keyboard('{ArrowUp}');
  expect(document.activeElement).toBe(screen.getByLabelText('Reason'));
});

it('is walked through with the arrows, Home, End and a letter', async () => {
  await show();
  await userEvent.keyboard('{Enter}{ArrowDown}{ArrowDown}');
  expect(focused()).toBe('Deactivate');
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  expect(document.activeElement).toBe(screen.getByLabelText('Reason'));
  await userEvent.tab({ shift: true });
  expect(focused()).toBe('Delete');
  await userEvent.keyboard('{Home}');
  expect(focused()).toBe('Approve');
  await userEvent.keyboard('d');
  expect(focused()).toBe('Deactivate');
  await userEvent.keyboard('d');
  expect(focused()).toBe('Delete');
  await userEvent.keyboard('{End}');
  expect(document.activeElement).toBe(screen.getByLabelText('Reason'));
});

it('leaves to a field the keys that mean something in it', async () => {
  await show();
  await userEvent.keyboard('{ArrowUp}ad{Home}b{ArrowDown}');
  const field = screen.getByLabelText<HTMLInputElement>('Reason');
  expect(document.activeElement).toBe(field);
  expect(field.value).toBe('bad');
});
