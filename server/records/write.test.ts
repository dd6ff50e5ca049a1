import { beforeAll, describe, expect, test } from 'vitest'
import { catalogWith } from '#test/catalog'
import { describeDatabases } from '#test/databases'
import type { Database, Transaction } from '#database'
import type { Catalog, ObjectDef } from '#metadata'
import { idMaker } from '#util'
import type { Row } from '#util'
import { applyTableSteps, tableSteps } from './tables.ts'
import {
  childrenOf,
  findBy,
  formatNumber,
  numberIn,
  insertRows,
  lockRows,
  markDeleted,
  nextNumbers,
  ownPaths,
  purgeRows,
  raiseNumber,
  readRows,
  undelete,
  uniqueField,
  updateRows,
} from './write.ts'

const newId = idMaker(() => 0.5)
const AT = '2026-03-06T16:00:00.000Z'
const catalog: Catalog = catalogWith()
const object = (name: string): ObjectDef => catalog.object(name)!
const USER = newId(object('User').keyPrefix, 1)
const system = {
  OwnerId: USER,
  CreatedDate: AT,
  CreatedById: USER,
  LastModifiedDate: AT,
  LastModifiedById: USER,
  Version: 1,
  IsDeleted: false,
}

function row(name: string, values: Row): Row & { readonly Id: string } {
  const stamps = Object.fromEntries(Object.entries(system).filter(([field]) => object(name).field(field)))
  return { Id: newId(object(name).keyPrefix, 1), ...stamps, ...values }
}

describeDatabases('writing rows', (open) => {
  let db: Database
  const user = {
    ...row('User', {
      LastName: 'Silva',
      Name: 'Ana Silva',
      Username: 'ana@example.com',
      Email: 'ana@example.com',
      IsActive: true,
      IsInternal: true,
    }),
    Id: USER,
  }
  const account = row('Account', {
    Name: 'Acme',
    Tier__c: 'Gold',
    AnnualRevenue: 1234.5,
    BillingAddress: { city: 'Berlin', street: 'A "quoted" st.' },
  })
  const parent = row('Case', { CaseNumber: 'P-1', Subject: 'Parent', Status: 'New', AccountId: account.Id })
  const child = row('Case', {
    CaseNumber: 'P-2',
    Subject: 'Child',
    Status: 'New',
    AccountId: account.Id,
    ParentId: parent.Id,
  })
  const mail = row('EmailMessage', { Subject: 'Hello', ParentId: child.Id, Incoming: true })

  beforeAll(async () => {
    db = await open.keep()
    await db.transaction(async (tx) => {
      await applyTableSteps(tx, tableSteps(undefined, catalog))
      // The parent comes last: foreign keys are looked at when the transaction ends.
      await insertRows(tx, object('Case'), [child, parent])
      await insertRows(tx, object('EmailMessage'), [mail])
      await insertRows(tx, object('Account'), [account])
      await insertRows(tx, object('User'), [user])
    })
  })
  const undone = async (work: (tx: Transaction) => Promise<void>): Promise<void> => {
    const done = new Error('undo')
    await db.transaction(async (tx) => { await work(tx); throw done }).catch((error: unknown) => { if (error !== done) throw error }) // prettier-ignore
  }

  test('every field of a row comes back as it was given', async () => {
    const read = await readRows(db, catalog, object('Account'), [account.Id], ownPaths(object('Account')))
    expect(read.get(account.Id)).toMatchObject(account)
    expect(read.get(account.Id)).toMatchObject({ Phone: null })
  })

  test('reads through lookups, polymorphic ones too, in one statement', async () => {
    const paths = [
      'Subject',
      'ParentId',
      'Parent:Case.Subject',
      'Parent:Case.Account.Tier__c',
      'Parent:Case.Parent.Subject',
      'Parent:Case.Owner:User.IsInternal',
      'Parent:Case.Owner:Group.Name',
      'CreatedBy.Email',
    ]
    const read = await readRows(db, catalog, object('EmailMessage'), [mail.Id, newId('zzz', 1)], paths)
    expect([...read.keys()]).toEqual([mail.Id])
    expect(Object.getPrototypeOf(read.get(mail.Id))).toBeNull()
    expect({ ...read.get(mail.Id) }).toEqual({
      Subject: 'Hello', ParentId: child.Id, 'Parent:Case.Subject': 'Child', 'Parent:Case.Account.Tier__c': 'Gold', 'Parent:Case.Parent.Subject': 'Parent',
      'Parent:Case.Owner:User.IsInternal': true, 'Parent:Case.Owner:Group.Name': null, 'CreatedBy.Email': 'ana@example.com',
    }) // prettier-ignore
  })

  test('an unknown field or path is refused by name', async () => {
    await expect(readRows(db, catalog, object('Case'), [child.Id], ['Account.Nope'])).rejects.toMatchObject({
      message: 'Case has no field Account.Nope.',
    })
    await expect(undone((tx) => insertRows(tx, object('Case'), [{ Id: 'x', Nope: 1 }]))).rejects.toMatchObject({
      message: 'Case has no field Nope.',
    })
  })

  test('updates of different shapes change what they name and nothing else', () =>
    undone(async (tx) => {
      const missed = await updateRows(tx, object('Case'), [
        { id: child.Id, set: { Subject: 'Changed', IsEscalated: true } },
        { id: parent.Id, set: { AccountId: null, Version: 2 } },
        { id: newId(object('Case').keyPrefix, 1), set: { Subject: 'Nobody' } },
      ])
      expect(missed).toHaveLength(1)
      const rows = await readRows(
        tx,
        catalog,
        object('Case'),
        [child.Id, parent.Id],
        ['Subject', 'IsEscalated', 'AccountId', 'Version'],
      )
      expect([rows.get(child.Id), rows.get(parent.Id)].map((r) => ({ ...r }))).toEqual([
        { Subject: 'Changed', IsEscalated: true, AccountId: account.Id, Version: 1 },
        { Subject: 'Parent', IsEscalated: false, AccountId: null, Version: 2 },
      ])
    }))

  test('an update that expects another version writes nothing and is told', () =>
    undone(async (tx) => {
      const set = { Subject: 'Late', Version: 8 }
      expect(await updateRows(tx, object('Case'), [{ id: child.Id, set, version: 7 }])).toEqual([child.Id])
      expect(await updateRows(tx, object('Case'), [{ id: child.Id, set, version: 1 }])).toEqual([])
    }))

  test('a unique value that is taken names its field; a deleted record does not hold on to it', () =>
    undone(async (tx) => {
      const again = row('Case', { CaseNumber: 'P-1', Subject: 'Again', Status: 'New' })
      const failed = await tx.savepoint(() => insertRows(tx, object('Case'), [again])).catch((error: unknown) => error)
      expect(uniqueField(failed, object('Case'))?.name).toBe('CaseNumber')
      await markDeleted(tx, object('Case'), [parent.Id], { Version: 2 })
      await insertRows(tx, object('Case'), [again])
      const back = await tx.savepoint(() => undelete(tx, object('Case'), [parent.Id])).catch((error: unknown) => error)
      expect(uniqueField(back, object('Case'))?.name).toBe('CaseNumber')
    }))

  test('finds by value, deleted records left out', () =>
    undone(async (tx) => {
      const field = object('Case').field('CaseNumber')!
      expect(await findBy(tx, object('Case'), field, ['P-2', 'P-1', 'P-9', null])).toEqual(
        expect.arrayContaining([
          { id: child.Id, value: 'P-2' },
          { id: parent.Id, value: 'P-1' },
        ]),
      )
      await markDeleted(tx, object('Case'), [parent.Id])
      expect(await findBy(tx, object('Case'), field, ['P-1'])).toEqual([])
    }))

  test('children are found through plain and polymorphic references', async () => {
    const found = await childrenOf(db, catalog, object('Case'), [child.Id, parent.Id])
    const list = found.map(({ object, field, rows }) => [object.name, field.name, rows])
    expect(list).toEqual(expect.arrayContaining([
      ['Case', 'ParentId', [{ id: child.Id, parentId: parent.Id, deleted: false }]],
      ['EmailMessage', 'ParentId', [{ id: mail.Id, parentId: child.Id, deleted: false }]],
    ])) // prettier-ignore
    expect(list).toHaveLength(2)
  })

  test('a reference to nothing fails when the transaction ends', async () => {
    const dangling = row('Case', { CaseNumber: 'P-3', Subject: 'x', AccountId: newId(object('Account').keyPrefix, 1) })
    await expect(db.transaction((tx) => insertRows(tx, object('Case'), [dangling]))).rejects.toMatchObject({
      code: 'FOREIGN_KEY',
    })
  })

  test('a purge removes rows and empties what points to them', () =>
    undone(async (tx) => {
      expect(await purgeRows(tx, object('Account'), [account.Id])).toBe(1)
      const left = await readRows(tx, catalog, object('Case'), [child.Id], ['AccountId', 'Subject'])
      expect({ ...left.get(child.Id) }).toEqual({ AccountId: null, Subject: 'Child' })
    }))

  test('numbers go up without a gap, and can be raised', () =>
    undone(async (tx) => {
      const field = object('Case').field('CaseNumber')!
      expect(await nextNumbers(tx, field, 2)).toEqual([1, 2])
      await raiseNumber(tx, field, 50)
      await raiseNumber(tx, field, 7)
      expect(await nextNumbers(tx, field, 3)).toEqual([50, 51, 52])
      expect(await nextNumbers(tx, field, 0)).toEqual([])
    }))

  test('locks records without changing them', () =>
    undone(async (tx) => {
      await lockRows(tx, object('Case'), [child.Id, parent.Id])
      expect((await readRows(tx, catalog, object('Case'), [child.Id], ['Account.Name'], { lock: true })).size).toBe(1)
    }))

  test('a thousand rows of two shapes go in and are changed together', () =>
    undone(async (tx) => {
      const rows = Array.from({ length: 1234 }, (_, i) =>
        row('Case', { CaseNumber: `B-${i}`, Subject: `s${i}`, ...(i % 2 ? { Priority: 'High' } : {}) }),
      )
      await insertRows(tx, object('Case'), rows)
      expect(
        await updateRows(
          tx,
          object('Case'),
          rows.map((r, i) => ({ id: r.Id, set: { Subject: `t${i}` }, version: 1 })),
        ),
      ).toEqual([])
      const read = await readRows(
        tx,
        catalog,
        object('Case'),
        rows.map((r) => r.Id),
        ['Subject', 'Priority'],
      )
      expect(rows.map((r) => ({ ...read.get(r.Id) }))).toEqual(
        rows.map((_, i) => ({ Subject: `t${i}`, Priority: i % 2 ? 'High' : null })),
      )
    }))
})

describe('auto-number formats', () => {
  test.each([
    ['C-{00000000}', 42, 'C-00000042'],
    ['{0}', 12, '12'],
    ['WO-{000}-X', 12345, 'WO-12345-X'],
  ])('%s of %d is %s', (format, n, text) => {
    expect(formatNumber({ displayFormat: format }, n)).toBe(text)
    expect(numberIn({ displayFormat: format }, text)).toBe(n)
  })
})
