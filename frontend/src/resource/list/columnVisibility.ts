import type { Column } from './descriptor';

const visibility = {
  phone: '',
  tablet: 'hidden md:table-cell',
  desktop: 'hidden xl:table-cell',
  wide: 'hidden 2xl:table-cell',
};

/** A column that there is no room for is not squeezed in: it goes. */
export function visibilityOf({ from = 'phone' }: Pick<Column<never>, 'from'>): string {
  return visibility[from];
}
