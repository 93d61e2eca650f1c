import { useState } from 'react';

export interface Selection {
  keys: ReadonlySet<string>;
  toggle: (key: string) => void;
  replace: (keys: readonly string[]) => void;
}

/** The rows that are ticked. What is no longer in sight is no longer selected: nobody acts on the unseen. */
export function useSelection(visible: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const keys = new Set(visible.filter((key) => chosen.has(key)));
  return {
    keys,
    toggle: (key) => {
      const next = new Set(keys);
      if (!next.delete(key)) next.add(key);
      setChosen(next);
    },
    replace: (next) => setChosen(new Set(next)),
  };
}
