import { type ComponentProps, useRef } from 'react';
import { useConfig } from '@/api/useConfig';
import { t } from '@/locales/text';
import { PasswordField } from '@/ui/PasswordField';
import { useProductName } from '@/ui/productName';
import { StrengthMeter } from '@/ui/StrengthMeter';
import { usePasswordStrength } from './usePasswordStrength';

interface Properties extends ComponentProps<typeof PasswordField> {
  /** What anybody knows of whose password it is to be, besides what is in the same form. */
  names?: readonly (string | null | undefined)[];
}

const words = [
  'password.score.none',
  'password.score.little',
  'password.score.some',
  'password.score.much',
  'password.score.most',
] as const;
/** What the server does not say is judged by the defaults. */
const defaults = { min_length: 12, min_strength: 3 };

/** Where a new password is chosen: with the rule, and what is said of its strength as it is typed. */
export function NewPasswordField({ names = [], help, optional, ...input }: Properties) {
  const field = useRef<HTMLInputElement>(null);
  const told = useConfig()?.password;
  const rules = told ?? defaults;
  const known = [useProductName(), 'Reeve', ...names].filter((name) => typeof name === 'string');
  const judged = usePasswordStrength(field, known);
  const isLong = judged !== null && judged.length >= rules.min_length;
  const isEnough = isLong && judged.score >= rules.min_strength;

  function text(): string {
    if (!judged) return '';
    if (!isLong) return t('password.tooShort', { minimum: rules.min_length });
    const strength = t('password.strength', { word: wordOf(judged.score) });
    if (isEnough) return strength;
    return [strength, t('password.needed', { word: wordOf(rules.min_strength) }), t(judged.hint)].join(' ');
  }

  return (
    <div className="grid gap-2">
      <PasswordField
        autoComplete="new-password"
        required={!optional}
        {...input}
        ref={field}
        optional={optional}
        help={help ?? (told && t('password.rule', { minimum: told.min_length }))}
      />
      {judged && (
        <StrengthMeter
          label={t('password.meter')}
          score={isLong ? judged.score : 0}
          needed={rules.min_strength}
          text={text()}
        />
      )}
      {/* There before it has anything to say: what appears together with its text is not read out. */}
      <p aria-live="polite" className={`text-sm ${isEnough ? 'text-muted' : 'text-danger'}`}>
        {text()}
      </p>
    </div>
  );
}

function wordOf(score: number): string {
  return t(words[score] ?? 'password.score.none');
}
