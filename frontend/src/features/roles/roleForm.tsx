import type { Role } from '@/api/types';
import { t } from '@/locales/text';
import type { FormField } from '@/resource/form/FormFields';
import { PermissionPicker } from './PermissionPicker';

export type RoleValues = {
  name: string;
  description: string;
  mfa_required: boolean;
  permissions: readonly string[];
};

export const emptyRole: RoleValues = { name: '', description: '', mfa_required: false, permissions: [] };

export const roleFields: readonly FormField<RoleValues>[] = [
  { name: 'name', label: t('roles.name'), kind: 'text', help: t('roles.nameHelp'), required: true },
  { name: 'description', label: t('roles.description'), kind: 'multiline' },
  { name: 'mfa_required', label: t('roles.mfaRequired'), kind: 'boolean', help: t('roles.mfaRequiredHelp') },
  {
    name: 'permissions',
    label: t('roles.permissions'),
    kind: 'list',
    render: (control) => <PermissionPicker {...control} />,
  },
];

export function valuesOf(role: Role): RoleValues {
  return {
    name: role.name,
    description: role.description ?? '',
    mfa_required: role.mfa_required,
    permissions: role.permissions,
  };
}
