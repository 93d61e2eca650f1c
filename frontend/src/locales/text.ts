import { english } from './en';

type Catalogue = typeof english;
type Values = Record<string, string | number>;

type Keys<Tree> = {
  [Key in keyof Tree & string]: Tree[Key] extends string ? Key : `${Key}.${Keys<Tree[Key]>}`;
}[keyof Tree & string];

type At<Tree, Key extends string> = Key extends `${infer Head}.${infer Tail}`
  ? Head extends keyof Tree
    ? At<Tree[Head], Tail>
    : never
  : Key extends keyof Tree
    ? Tree[Key]
    : never;

type Placeholders<Message> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

export type MessageKey = Keys<Catalogue>;
/** A message that stands by itself: what labels and descriptors are made of. */
export type PlainKey = {
  [Key in MessageKey]: [Placeholders<At<Catalogue, Key>>] extends [never] ? Key : never;
}[MessageKey];
/** A message in the forms of number: `KEY.one` and `KEY.other`. */
export type CountedKey = MessageKey extends infer Key
  ? Key extends `${infer Base}.other`
    ? Base
    : never
  : never;

type Arguments<Key extends MessageKey> = [Placeholders<At<Catalogue, Key>>] extends [never]
  ? []
  : [Record<Placeholders<At<Catalogue, Key>>, string | number>];

function find(key: string): string | undefined {
  let node: unknown = english;
  for (const step of key.split('.')) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string, unknown>)[step];
  }
  return typeof node === 'string' ? node : undefined;
}

function fill(message: string, values: Values = {}): string {
  return message.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

export function t<Key extends MessageKey>(key: Key, ...[values]: Arguments<Key>): string {
  return fill(find(key) ?? key, values);
}

const rules = new Intl.PluralRules('en');

/** The message in the form that the number asks for, with `{count}` written out. */
export function counted(key: CountedKey, count: number, values: Values = {}): string {
  const form = find(`${key}.${rules.select(count)}`) ?? find(`${key}.other`) ?? key;
  return fill(form, { ...values, count: formatCount(count) });
}

export function formatCount(count: number): string {
  return new Intl.NumberFormat('en').format(count);
}

/** Our words for a code of the server's, or the server's own where we have none. */
export function problemText(problem: { code: string; message: string; retryAfter?: number }): string {
  const { code, message, retryAfter } = problem;
  const reason = retryAfter === undefined ? undefined : find(`problem.until.${code}`);
  if (reason !== undefined && retryAfter !== undefined) return `${reason} ${tryAgainIn(retryAfter)}`;
  return find(`problem.${code}`) ?? (message || find('problem.unknown') || '');
}

/** Minutes are rounded up: who comes back after the time that they read is not turned away once more. */
function tryAgainIn(seconds: number): string {
  return seconds < 60
    ? counted('problem.again.seconds', seconds)
    : counted('problem.again.minutes', Math.ceil(seconds / 60));
}
