/** Search parameters stay readable: `?q=ann&filter=active:eq:true&filter=roles:eq:editor`. */
export type SearchParameters = Record<string, string | string[]>;

export function parseSearch(search: string): SearchParameters {
  const parsed: SearchParameters = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const earlier = parsed[name];
    parsed[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return parsed;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const single of [value].flat()) {
      if (single !== undefined && single !== null) parameters.append(name, String(single));
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}
