/** Rows that a query may print at most: the product of nested page sizes, known before anything runs. */
import type { Query, Selection } from '../query-tree.ts'
import type { ConnectionPart, ListQuery } from '../query-tree.ts'
import { checkedSize, given, pageSize } from './page.ts'
import { QueryError } from './errors.ts'
import { slotValue } from './run-values.ts'
import type { Run } from './run-values.ts'

export interface Cost {
  readonly rows: number
}

export const DEFAULT_ROW_BUDGET = 250_000
const DEFAULT_GROUPS = 2000

export function costOf(query: Query, run: Run): Cost {
  if (query.kind === 'record') return { rows: 1 + selectionRows(query.select, run) }
  if (query.kind === 'list') return { rows: listRows(query, run) }
  return { rows: query.groupBy.length ? groupLimit(query, run) : 1 }
}

export function groupLimit(query: Extract<Query, { kind: 'aggregate' }>, run: Run): number {
  return query.first && given(query.first, run) ? checkedSize(slotValue(query.first, run)) : DEFAULT_GROUPS
}

function listRows(list: ListQuery, run: Run): number {
  const each = list.select.reduce((sum, part) => sum + partRows(part, run), 0)
  return pageSize(list, run) * (1 + each)
}

function partRows(part: ConnectionPart, run: Run): number {
  if (part.kind === 'nodes') return selectionRows(part.select, run)
  if (part.kind !== 'edges') return 0
  return part.parts.reduce((sum, each) => sum + (each.kind === 'node' ? selectionRows(each.select, run) : 0), 0)
}

/** Parents are not counted: there is at most one for each row and reference. */
function selectionRows(select: Selection, run: Run): number {
  let rows = 0
  for (const part of select) {
    if (part.kind === 'children') rows += listRows(part.query, run)
    if (part.kind === 'parent') rows += Math.max(0, ...part.types.map((type) => selectionRows(type.select, run)))
  }
  return rows
}

export function checkBudget(rows: number, budget: number): void {
  if (rows <= budget) return
  const [asked, most] = [rows, budget].map((n) => n.toLocaleString('en-US'))
  throw new QueryError(
    'TOO_MANY_ROWS',
    `This query asks for up to ${asked} records; ${most} is the most.`,
    'Ask for smaller pages with first.',
  )
}
