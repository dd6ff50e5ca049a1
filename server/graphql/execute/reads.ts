/** How much of the database one request takes: so many records in all, few of its root fields at a time, and a place when it asks for many. */
import { OperationTypeNode, type GraphQLError } from 'graphql'
import { userError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import { Places } from '../load/places.ts'
import type { Variables } from '../plan/arguments.ts'
import type { OperationRequest } from './operation.ts'
import type { OperationPlan, PlannedField } from './plan-store.ts'

export class Reads {
  readonly #places = new Places(LIMITS.heavyPlaces)

  /** The answers of the root fields in their order. */
  async each<T>(
    plan: OperationPlan,
    rows: number,
    { operation, context }: OperationRequest,
    read: (field: PlannedField) => Promise<T>,
  ): Promise<T[]> {
    if (operation.operation === OperationTypeNode.MUTATION) return atOnce(1, plan, read)
    if (rows <= LIMITS.rows.heavy) return atOnce(LIMITS.rootFieldsAtOnce, plan, read)
    return this.#places.run(context.actor.userId, () => atOnce(1, plan, read))
  }
}

/** The most records that the plan may print. A page size that can't be is told when it is read. */
export function rowsOf(plan: OperationPlan, variables: Variables): number {
  let rows = 0
  for (const { prepared } of plan) if (prepared && 'compiled' in prepared) rows += costOf(prepared.compiled, variables)
  return rows
}

function costOf({ query }: Extract<PlannedField['prepared'], { compiled: unknown }>['compiled'], variables: Variables) {
  try {
    return query.cost(variables).rows
  } catch {
    return 0
  }
}

export function tooManyRows(rows: number): GraphQLError {
  const [asked, most] = [rows, LIMITS.rows.most].map((n) => n.toLocaleString('en-US'))
  return userError(
    `This request asks for up to ${asked} records; ${most} is the most. Ask for smaller pages with first, or for less at a time.`,
    'TOO_MANY_ROWS',
  )
}

async function atOnce<T, U>(most: number, items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++
      results[i] = await work(items[i]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane))
  return results
}
