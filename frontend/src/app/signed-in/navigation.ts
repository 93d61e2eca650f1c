import { House, KeyRound, type LucideIcon, ScrollText, Users } from 'lucide-react';
import type { PlainKey } from '@/locales/text';

interface Destination {
  to: '/' | '/users' | '/roles' | '/audit';
  label: PlainKey;
  about: PlainKey | null;
  icon: LucideIcon;
  permission: string | null;
}

/** The places of the menu, each with what one needs in order to see it. */
export const destinations: readonly Destination[] = [
  { to: '/', label: 'navigation.start', about: null, icon: House, permission: null },
  { to: '/users', label: 'navigation.users', about: 'start.users', icon: Users, permission: 'users:read' },
  { to: '/roles', label: 'navigation.roles', about: 'start.roles', icon: KeyRound, permission: 'roles:read' },
  {
    to: '/audit',
    label: 'navigation.audit',
    about: 'start.audit',
    icon: ScrollText,
    permission: 'audit:read',
  },
];
