/** What every server is asked, and whether the answers are right. */
import { isDeepStrictEqual } from 'node:util'
import { NUMBER } from './load.ts'
import { PRIORITIES, type Known } from './organisation.ts'
import { ask, type CaseName, type Server } from './server.ts'

export const CASES: { readonly [name in CaseName]: string } = {
  a: 'a case by its id, with its account',
  b: '50 cases of a priority, newest first, with their accounts',
  c: '50 accounts with 20 cases each',
  d: 'create a case',
}
/** In every right answer. */
export const EXPECTED = '"Subject":"Case '
const ASKED = 500

/** Variables of the questions, always the same ones in the same order. */
export function questions({ cases, owners, account }: Known): { readonly [name in CaseName]: readonly Row[] } {
  const some = <T>(from: readonly T[], step: number) => Array.from({ length: ASKED }, (_, i) => from[(i * step) % from.length]!) // prettier-ignore
  const at = new Date().toISOString()
  return {
    a: some(cases, 7_919).map((id) => ({ id })),
    b: some(PRIORITIES, 1).map((priority) => ({ priority })),
    c: some(owners, 7).map((owner) => ({ owner })),
    d: some(PRIORITIES, 1).map((priority) => ({ subject: `Case of the bench ${NUMBER}`, priority, account, at, id: `500bench${NUMBER}`, number: `B-${NUMBER}` })), // prettier-ignore
  }
}

/** Servers of the same rows must give the same answers. */
export async function checkAnswers(servers: readonly Server[], known: Known): Promise<void> {
  const asked = questions(known)
  for (const name of ['a', 'b', 'c'] as const)
    for (const variables of asked[name].slice(0, 3)) {
      const [first, ...others] = await Promise.all(servers.map(async (server) => plain(await ask(server, server.documents[name]!, variables)))) // prettier-ignore
      if (!isRight(name, first, variables)) throw new Error(`${servers[0]!.name} answers ${name} with ${JSON.stringify(first).slice(0, 600)}`) // prettier-ignore
      const odd = others.findIndex((other) => !isDeepStrictEqual(other, first))
      if (odd >= 0) throw new Error(`${servers[odd + 1]!.name} answers ${name} with ${JSON.stringify(others[odd]).slice(0, 600)} instead of ${JSON.stringify(first).slice(0, 600)}`) // prettier-ignore
    }
  for (const server of servers.filter(({ documents }) => documents.d)) await checkCreate(server, asked.d[0]!)
}

type Row = { readonly [field: string]: unknown }
interface Rows {
  readonly Case: Row & readonly Row[]
  readonly Account: readonly { readonly Cases: readonly Row[] }[]
}

function isRight(name: 'a' | 'b' | 'c', data: unknown, variables: Row): boolean {
  const { Case, Account } = data as Rows
  if (name === 'a') return Case.Id === variables.id && /^Account \d+$/.test((Case.Account as { Name: string }).Name)
  if (name === 'b') return Case.length === 50 && Case.every(({ Priority }) => Priority === variables.priority)
  return Account.length === 50 && Account.every(({ Cases }) => Cases.length === 20)
}

/** Lists without what they are wrapped in, instants in one form. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).getTime() : value
  if (typeof value !== 'object' || value === null) return value
  if ('nodes' in value) return plain(value.nodes)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}

async function checkCreate(server: Server, variables: object): Promise<void> {
  const { CaseCreate } = (await ask(server, server.documents.d!, variables)) as { CaseCreate: { record?: { Id: string }; Id?: string } } // prettier-ignore
  const id = CaseCreate.record?.Id ?? CaseCreate.Id
  if (!id) throw new Error(`${server.name} made no case: ${JSON.stringify(CaseCreate)}`)
  await server.checkCreated?.(id)
}
