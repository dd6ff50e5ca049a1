/** PostGraphile on our PostgreSQL, and the least that can be done on our SQLite file. */
import { once } from 'node:events'
import { join } from 'node:path'
import { serverOf, start, type Program, type Server } from './server.ts'

const CASE = 'Id: cId CaseNumber: cName Subject: cSubject Status: cStatus Priority: cPriority'
const WITH_ACCOUNT = `${CASE} CreatedDate: cCreatedDate Account: oAccountByCAccountId { Id: cId Name: cName }`

export async function startPostgraphile(name: string, folder: string, databaseUrl: string): Promise<Server> {
  const program = start(join(import.meta.dirname, 'programs/postgraphile.ts'), [folder, databaseUrl], {})
  const documents = {
    a: `query ($id: String!) { Case: oCaseByCId(cId: $id) { ${WITH_ACCOUNT} } }`,
    b: `query ($priority: String!) { Case: allOCases(condition: { cPriority: $priority }, orderBy: [C_CREATED_DATE_DESC, C_ID_DESC], first: 50) { nodes { ${WITH_ACCOUNT} } } }`,
    c: `query ($owner: String!) { Account: allOAccounts(condition: { cOwnerId: $owner }, orderBy: [C_ID_ASC], first: 50) { nodes { Id: cId Name: cName Cases: oCasesByCAccountId(orderBy: [C_NAME_ASC], first: 20) { nodes { ${CASE} } } } } }`,
    d: `mutation ($id: String!, $number: String!, $subject: String!, $priority: String!, $account: String!, $at: Datetime!) {
      CaseCreate: createOCase(input: { oCase: { cId: $id, cName: $number, cSubject: $subject, cStatus: "New", cPriority: $priority, cAccountId: $account,
        cCreatedDate: $at, cLastModifiedDate: $at, cVersion: "1", cIsDeleted: false } }) { record: oCase { Id: cId Subject: cSubject } } }`,
  }
  return serverOf(program, { name, url: `${await told(program)}/graphql`, headers: {}, documents }) // prettier-ignore
}

export async function startBare(name: string, file: string): Promise<Server> {
  const program = start(join(import.meta.dirname, 'programs/bare.ts'), [file], {})
  return serverOf(program, {
    name,
    url: await told(program),
    headers: {},
    documents: { a: 'a', b: 'b', c: 'c' },
  })
}

async function told(program: Program): Promise<string> {
  const [answer] = await Promise.race([
    once(program.process, 'message') as Promise<[{ port: number }]>,
    once(program.process, 'exit').then(() => {
      throw new Error(`A server did not start:\n${program.output()}`)
    }),
  ])
  return `http://127.0.0.1:${answer.port}`
}
