// Imported when somebody types a new password, never before: it is larger than all the rest together.
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import type { PlainKey } from '@/locales/text';

const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: 100 });

export interface PasswordStrength {
  score: 0 | 1 | 2 | 3 | 4;
  /** What would help. */
  hint: PlainKey;
}

const hints: Record<string, PlainKey> = {
  straightRow: 'password.hint.keyboard',
  keyPattern: 'password.hint.keyboard',
  longerKeyboardPattern: 'password.hint.keyboard',
  simpleRepeat: 'password.hint.repeat',
  extendedRepeat: 'password.hint.repeat',
  repeated: 'password.hint.repeat',
  sequences: 'password.hint.sequence',
  recentYears: 'password.hint.date',
  associatedYears: 'password.hint.date',
  dates: 'password.hint.date',
  topTen: 'password.hint.common',
  topHundred: 'password.hint.common',
  common: 'password.hint.common',
  similarToCommon: 'password.hint.common',
  wordByItself: 'password.hint.word',
  namesByThemselves: 'password.hint.name',
  commonNames: 'password.hint.name',
  userInputs: 'password.hint.own',
  capitalization: 'password.hint.capitals',
  allUppercase: 'password.hint.capitals',
  reverseWords: 'password.hint.backwards',
  l33t: 'password.hint.substitution',
};

/** How many guesses a password stands up to by somebody who knows these names. */
export function strengthOf(password: string, names: readonly string[]): PasswordStrength {
  const words = names.flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)]);
  const known = [...new Set(words.filter((word) => word.length > 1))];
  const { score, feedback } = estimator.check(password.normalize('NFKC'), known);
  const reasons = [feedback.warning ?? '', ...[...feedback.suggestions].reverse()];
  return { score, hint: reasons.map((reason) => hints[reason]).find(Boolean) ?? 'password.hint.more' };
}
