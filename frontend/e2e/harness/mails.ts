import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { folderForTests } from './folder';

export interface Mails {
  /** What a server has to be told, for its mails to come here. */
  url: string;
  /** What `look` finds in the newest mail in which it finds anything, waited for. */
  find: (what: string, look: (mail: Mail) => string | undefined) => Promise<string>;
  /** The path of the newest link to `page`. */
  link: (page: string) => Promise<string>;
}

export interface Mail {
  headers: string;
  /** Of all its parts, with long lines made whole. */
  body: string;
}

/** The mails that a server writes into a folder, for the tests of a file. */
export function mailsForTests(): Mails {
  const folder = folderForTests();
  const find: Mails['find'] = async (what, look) => {
    for (let tries = 0; tries < 200; tries++) {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
      for (const name of names.reverse()) {
        const found = look(read(await readFile(join(folder, name), 'utf8')));
        if (found) return found;
      }
      await setTimeout(50);
    }
    throw new Error(`No mail has ${what}`);
  };
  return {
    url: `file:${folder}`,
    find,
    link: (page) =>
      find(`a link to ${page}`, ({ body }) => new RegExp(`/${page}\\?token=[\\w-]+`).exec(body)?.[0]),
  };
}

/** Undoes of quoted-printable (RFC 2045, 6.7) what would hide a link. */
function read(text: string): Mail {
  const [headers = '', ...parts] = text.split(/\r?\n\r?\n/);
  return {
    headers,
    body: parts
      .join('\n')
      .replace(/=\r?\n/g, '')
      .replaceAll('=3D', '='),
  };
}
