import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { Combobox } from './Combobox';

const roles = ['auditor', 'editor', 'owner'];

function show(more: { isOpenEnded?: boolean; options?: string[] } = {}) {
  const onChange = vi.fn();
  const onSubmit = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
  function Chooser() {
    const [value, setValue] = useState('');
    const choose = (chosen: string) => {
      onChange(chosen);
      setValue(chosen);
    };
    return (
      <form onSubmit={onSubmit}>
        <Combobox label="Role" value={value} options={roles} onChange={choose} {...more} />
        <button type="submit">Add</button>
      </form>
    );
  }
  render(<Chooser />);
  return { onChange, onSubmit, input: screen.getByRole<HTMLInputElement>('combobox', { name: 'Role' }) };
}

it('is closed until it is wanted, and says so', async () => {
  const { input } = show();
  expect(input.getAttribute('aria-expanded')).toBe('false');
  expect(screen.queryByRole('listbox')).toBeNull();
  await userEvent.click(input);
  expect(input.getAttribute('aria-expanded')).toBe('true');
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(roles);
});

it('is chosen from with the keys, and only the next Enter submits', async () => {
  const { input, onChange, onSubmit } = show();
  await userEvent.type(input, '{ArrowDown}{ArrowDown}');
  const active = document.getElementById(input.getAttribute('aria-activedescendant') ?? '');
  expect(active?.textContent).toBe('editor');
  await userEvent.keyboard('{Enter}');
  expect(onChange).toHaveBeenCalledExactlyOnceWith('editor');
  expect(input.value).toBe('editor');
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.keyboard('{Enter}');
  expect(onSubmit).toHaveBeenCalledOnce();
});

it('is chosen from with a click', async () => {
  const { input, onChange } = show();
  await userEvent.click(input);
  await userEvent.click(screen.getByRole('option', { name: 'owner' }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith('owner');
  expect(screen.queryByRole('listbox')).toBeNull();
});

it('takes what is written out in full', async () => {
  const { input, onChange } = show();
  await userEvent.type(input, 'Editor');
  await userEvent.tab();
  expect(onChange).toHaveBeenLastCalledWith('editor');
  expect(input.value).toBe('editor');
});

it('chooses nothing by what leads nowhere, says so, and lets no form be sent with it', async () => {
  const { input, onChange, onSubmit } = show();
  await userEvent.type(input, 'owner{Enter}');
  await userEvent.clear(input);
  await userEvent.type(input, 'edtor');
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(onChange).toHaveBeenLastCalledWith('');
  expect(input.value).toBe('edtor');
  expect(onSubmit).not.toHaveBeenCalled();
  expect(screen.getByText('There is no such choice.').id).toBe(input.getAttribute('aria-describedby'));

  await userEvent.clear(input);
  await userEvent.type(input, 'editor');
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(onChange).toHaveBeenLastCalledWith('editor');
  expect(onSubmit).toHaveBeenCalledOnce();
});

it('takes what was written before its option came', async () => {
  const onChange = vi.fn();
  const { rerender } = render(<Combobox label="Role" value="" options={[]} onChange={onChange} />);
  await userEvent.type(screen.getByRole('combobox'), 'editor');
  await userEvent.tab();
  expect(onChange).not.toHaveBeenCalled();
  rerender(<Combobox label="Role" value="" options={roles} onChange={onChange} />);
  expect(onChange).toHaveBeenCalledExactlyOnceWith('editor');
  expect(screen.queryByText('There is no such choice.')).toBeNull();
});

it('lets whoever may not see the options write one, letter by letter and chosen once', async () => {
  const { input, onChange } = show({ isOpenEnded: true, options: [] });
  await userEvent.type(input, 'editor{Enter}');
  expect(onChange).toHaveBeenCalledExactlyOnceWith('editor');
});

it('closes on Escape and forgets what was typed', async () => {
  const { input, onChange } = show();
  await userEvent.type(input, 'edi{Escape}');
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(input.value).toBe('');
  expect(onChange).not.toHaveBeenCalled();
});
