/** What one person, or nobody in particular, may do to a server with ordinary means, again and again. */
import { getIntrospectionQuery } from 'graphql'

export interface Attack {
  readonly name: string
  /** One who has signed in, or nobody. */
  readonly by: 'reader' | 'nobody'
  readonly path: string
  /** null: a GET. Sent in turn. */
  readonly bodies: readonly string[] | null
}

const times = (count: number, text: (i: number) => string): string => Array.from({ length: count }, (_, i) => text(i)).join(' ') // prettier-ignore
const graphql = (name: string, by: Attack['by'], ...requests: object[]): Attack => ({
  name,
  by,
  path: '/graphql',
  bodies: requests.map((request) => JSON.stringify(request)),
})

const SCHEMA = `{ ${times(20, (i) => `a${i}: __schema { types { name fields { name type { name ofType { name ofType { name } } } args { name } } } }`)} }`
const WHERE = 'query ($w: CaseWhere) { Case(where: $w, first: 1) { nodes { Id } } }'
const roots = (count: number, rows: number) => `{ ${times(count, (i) => `a${i}: Case(first: ${rows}) { nodes { Id Subject Status } }`)} }` // prettier-ignore
const deep = (depth: number, inner: string) => `{"query":${JSON.stringify(WHERE)},"variables":{"w":${'{"not":'.repeat(depth)}${inner}${'}'.repeat(depth)}}}` // prettier-ignore
const BRACKETS = 18_000_000

export const ATTACKS: readonly Attack[] = [
  graphql('aliased __schema by a reader', 'reader', { query: SCHEMA }),
  graphql('aliased __schema by nobody', 'nobody', { query: SCHEMA }),
  graphql('the whole introspection, in ever new ways', 'reader', ...Array.from({ length: 50 }, (_, i) => ({ query: getIntrospectionQuery().replace('queryType', `a${i}: queryType`) }))),
  { name: 'sign-ins with invented names', by: 'nobody', path: '/auth/sign-in', bodies: Array.from({ length: 60 }, (_, i) => JSON.stringify({ username: `invented${i}@example.com`, password: 'x' })) },
  { name: '18 MB of [ in variables', by: 'reader', path: '/graphql', bodies: [`{"query":"{ me { name } }","variables":{"a":${'['.repeat(BRACKETS)}`] },
  graphql('30 roots of 2,000 rows', 'reader', { query: roots(30, 2_000) }),
  graphql('as many rows as are allowed', 'reader', { query: roots(10, 2_000) }),
  graphql('an or of 3,000 conditions', 'reader', { query: WHERE, variables: { w: { or: Array.from({ length: 3_000 }, (_, i) => ({ Subject: { eq: `x${i}` } })) } } }),
  graphql('as many conditions as are allowed', 'reader', { query: WHERE, variables: { w: { or: Array.from({ length: 499 }, (_, i) => ({ Subject: { contains: `x${i}` } })) } } }),
  { name: 'a variable 9,000 deep', by: 'reader', path: '/graphql', bodies: [deep(9_000, '{"Subject":{"eq":"x"}}')] },
  { name: 'the SDL', by: 'reader', path: '/graphql/schema.graphql', bodies: null },
] // prettier-ignore
