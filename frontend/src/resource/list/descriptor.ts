import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ListQuery, Page } from '@/api/types';

export interface Column<Row> {
  id: string;
  label: string;
  /** The field to sort by, where the server can. */
  sort?: string;
  /** From which width on there is room for it. */
  from?: 'phone' | 'tablet' | 'desktop' | 'wide';
  render: (row: Row) => ReactNode;
}

interface FilterBase {
  field: string;
  label: string;
  /** Whether a row may have no value here. */
  nullable?: boolean;
}

export type FilterField =
  | (FilterBase & { kind: 'text' | 'time' | 'number' | 'boolean' })
  | (FilterBase & { kind: 'choice'; choices: readonly { value: string; label: string }[] });

/** All that the generic list must know about a resource. */
export interface ListDescriptor<Row> {
  /** The resource's word: it begins the keys of the cache, too. */
  name: string;
  icon: LucideIcon;
  title: string;
  /** What to say where there is no row at all. */
  empty: string;
  searchHint: string;
  columns: readonly Column<Row>[];
  filters: readonly FilterField[];
  keyOf: (row: Row) => string;
  labelOf: (row: Row) => string;
  /** What a row has to say when it is unfolded. */
  details?: { label: (row: Row) => string; render: (row: Row) => ReactNode };
  fetchPage: (query: ListQuery, signal: AbortSignal) => Promise<Page<Row>>;
}
