import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { Dialog } from './Dialog';
import { Menu } from './Menu';

const focused = () => document.activeElement?.textContent;

/** A page with rows that can be deleted, each after a question. */
function Page({ isListSlow = false }: { isListSlow?: boolean }) {
  const [rows, setRows] = useState(['one', 'two']);
  const [asking, setAsking] = useState<string | null>(null);
  const remove = () => setRows(rows.filter((row) => row !== asking));
  return (
    <>
      <h1 tabIndex={-1}>Rows</h1>
      {rows.map((row) => (
        <button key={row} type="button" onClick={() => setAsking(row)}>
          {`Delete ${row}`}
        </button>
      ))}
      <Menu label="Actions">
        {(close) => (
          <button
            type="button"
            onClick={() => {
              close();
              setAsking('one');
            }}
          >
            Delete the first
          </button>
        )}
      </Menu>
      {asking && (
        <Dialog title="Sure?" onClose={() => setAsking(null)}>
          <button type="button" onClick={() => setAsking(null)}>
            Cancel
          </button>
          <button
            type="button"
            onClick={() => {
              if (isListSlow) setTimeout(remove);
              else remove();
              setAsking(null);
            }}
          >
            Yes
          </button>
        </Dialog>
      )}
    </>
  );
}

const click = (name: string) => userEvent.click(screen.getByRole('button', { name }));

it('gives the focus back to what opened it', async () => {
  render(<Page />);
  await click('Delete two');
  await click('Cancel');
  expect(focused()).toBe('Delete two');
});

it('gives it to the button of a menu whose item opened it', async () => {
  render(<Page />);
  await click('Actions');
  await click('Delete the first');
  await click('Cancel');
  expect(focused()).toBe('Actions');
});

it.each([false, true])(
  'gives it to the heading where what opened it is gone, or goes at once',
  async (isListSlow) => {
    render(<Page isListSlow={isListSlow} />);
    await click('Delete two');
    await click('Yes');
    await waitFor(() => expect(focused()).toBe('Rows'));
  },
);
