import { DatabaseError } from './errors.ts'

export type DatabaseUrl =
  | { readonly dialect: 'sqlite'; readonly path: string; readonly temporary: boolean }
  | { readonly dialect: 'postgres'; readonly url: string; readonly shown: string }

const HINT = 'Write sqlite:path/to/file.db, sqlite::memory: or postgres://user:password@host:5432/database.'

/** Reads DATABASE_URL's forms; throws BAD_URL with the forms that are understood. */
export function parseUrl(url: string): DatabaseUrl {
  if (url === 'sqlite::memory:') return { dialect: 'sqlite', path: '', temporary: true }
  const file = /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1]
  if (file) return { dialect: 'sqlite', path: file, temporary: false }
  if (/^postgres(ql)?:\/\//.test(url)) return { dialect: 'postgres', url, shown: withoutPassword(url) }
  throw new DatabaseError('BAD_URL', `“${url.slice(0, 60)}” is not a database address.`, { hint: HINT })
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url)
    return `${parsed.hostname || 'localhost'}:${parsed.port || '5432'}${parsed.pathname}`
  } catch (cause) {
    throw new DatabaseError('BAD_URL', 'The PostgreSQL address can’t be read.', { hint: HINT, cause })
  }
}
