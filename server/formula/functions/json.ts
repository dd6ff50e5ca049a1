import { fail } from '../failure.ts'
import { spend } from '../work.ts'
import { define, strict, type FunctionDef } from './define.ts'

function parsed(text: string): unknown {
  spend(text.length * 3)
  try {
    return JSON.parse(text)
  } catch {
    throw fail('BAD_JSON', 'The text is not JSON.')
  }
}

const PATH = /\.([^.[\]'"]+)|\[\s*(?:'([^']*)'|"([^"]*)"|(\d{1,9}))\s*\]/y

/** Follows `$.a['b'][0]`; only own keys. */
function follow(json: unknown, path: string): unknown {
  if (!path.startsWith('$')) throw badPath()
  let value = json
  for (let at = 1; at < path.length; at = PATH.lastIndex) {
    PATH.lastIndex = at
    const m = PATH.exec(path)
    if (!m) throw badPath()
    value = step(value, m[1] ?? m[2] ?? m[3] ?? m[4]!)
  }
  return value
}

const step = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as { readonly [key: string]: unknown })[key]
    : undefined

const badPath = () => fail('BAD_PATH', 'The path can’t be followed.', 'Write it like $.customer.address[0].')

function asText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export const json: readonly FunctionDef[] = [
  define({
    name: 'JSONVALUE',
    group: 'Text',
    signature: 'JSONVALUE(json, key)',
    summary: 'The value under a key of a JSON text.',
    noSql: 'it reads JSON',
    overloads: [strict(['Text', 'Text'], 'Text', (text, key) => asText(step(parsed(text), key)))],
  }),
  define({
    name: 'JSONPATHVALUE',
    group: 'Text',
    signature: 'JSONPATHVALUE(json, path)',
    summary: 'The value at a path, such as $.customer.name, of a JSON text.',
    noSql: 'it reads JSON',
    overloads: [strict(['Text', 'Text'], 'Text', (text, path) => asText(follow(parsed(text), path)))],
  }),
]
