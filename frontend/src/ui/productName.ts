import { createContext, useContext } from 'react';

/** What the product calls itself; null until the server has told. */
export const ProductName = createContext<string | null>(null);

export function useProductName(): string | null {
  return useContext(ProductName);
}
