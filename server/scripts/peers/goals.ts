/** How many times the requests a second of others ours are to be, in the same run. */
import type { Cell } from './measure.ts'
import type { CaseName } from './server.ts'

export const NAMES = {
  postgres: 'Milepost on PostgreSQL',
  sqlite: 'Milepost on SQLite',
  postgraphile: 'PostGraphile on PostgreSQL',
  directus: 'Directus on SQLite',
  bare: 'bare http, SQL by hand, SQLite',
} as const

type Times = { readonly [name in CaseName]?: number }
const GOALS: readonly { readonly of: string; readonly against: string; readonly times: Times }[] = [
  { of: NAMES.postgres, against: NAMES.postgraphile, times: { a: 3, b: 2, c: 2.5 } },
  { of: NAMES.sqlite, against: NAMES.postgraphile, times: { a: 4, b: 2.5, c: 3 } },
  { of: NAMES.sqlite, against: NAMES.directus, times: { a: 20, b: 15, c: 8, d: 5 } },
  { of: NAMES.sqlite, against: NAMES.bare, times: { a: 0.5, b: 0.55, c: 0.8 } },
]

export interface Goal {
  readonly of: string
  readonly against: string
  readonly case: string
  readonly times: number
  readonly atLeast: number
  readonly met: boolean
}

export function goals(cells: readonly Cell[]): Goal[] {
  const rate = (server: string, name: string): number =>
    cells.find((cell) => cell.server === server && cell.case === name)!.requestsPerSecond
  return GOALS.flatMap(({ of, against, times }) =>
    Object.entries(times).map(([name, atLeast]) => {
      const reached = rate(of, name) / rate(against, name)
      return { of, against, case: name, times: Number(reached.toPrecision(3)), atLeast, met: reached >= atLeast }
    }),
  )
}
