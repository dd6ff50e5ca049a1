import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { catalogWith } from '#test/catalog'
import type { Database } from '#database'
import { compileCatalog } from '#metadata'
import type { Document } from '#metadata'
import {
  changeHistory,
  loadStoredDocuments,
  metadataLock,
  releaseMetadataLock,
  saveDocuments,
  storedChange,
  storedVersion,
  takeMetadataLock,
} from './documents-store.ts'

const AT = '2026-03-06T16:00:00.000Z'
const NOON = Date.UTC(2026, 2, 6, 12)
const view = (name: string, label = name): Document => ({
  kind: 'ListView',
  id: `id-${name}`,
  name: `Case.${name}`,
  label,
  columns: ['Subject'],
})
const put = (base: number, ...documents: Document[]) => ({
  base,
  at: AT,
  by: 'me',
  put: documents,
  changes: { what: documents.map((d) => d.name) },
  undo: [],
})
const save = (db: Database, change: Parameters<typeof saveDocuments>[1]): Promise<number> =>
  db.transaction((tx) => saveDocuments(tx, change))

describeDatabases('stored metadata', (open) => {
  test('is empty at version 0', async () => {
    expect(await loadStoredDocuments(await open())).toEqual({ version: 0, documents: [] })
  })

  test('documents come back as they were saved, one version a change, with its history', async () => {
    const db = await open()
    expect(await save(db, put(0, view('A'), view('B')))).toBe(1)
    expect(
      await save(db, { ...put(1, view('A', 'Other')), reason: 'wording', remove: [{ kind: 'ListView', id: 'id-B' }] }),
    ).toBe(2)
    expect(await loadStoredDocuments(db)).toEqual({ version: 2, documents: [view('A', 'Other')] })
    expect(await storedVersion(db)).toBe(2)
    expect((await changeHistory(db, 10)).map((c) => [c.version, c.reason])).toEqual([[2, 'wording'], [1, null]]) // prettier-ignore
    expect(await changeHistory(db, 10, 2)).toHaveLength(1)
    expect(await storedChange(db, 1)).toEqual({
      version: 1,
      at: AT,
      by: 'me',
      reason: null,
      changes: { what: ['Case.A', 'Case.B'] },
      undo: [],
    })
    expect(await storedChange(db, 9)).toBeUndefined()
  })

  test('a change planned on an older version is refused and stores nothing', async () => {
    const db = await open()
    await save(db, put(0, view('A')))
    await expect(save(db, put(0, view('B')))).rejects.toMatchObject({
      code: 'BUSY',
      hint: expect.stringContaining('plan again'),
    })
    expect((await loadStoredDocuments(db)).documents).toEqual([view('A')])
  })

  test('of two changes on one base exactly one wins', async () => {
    const db = await open()
    const results = await Promise.allSettled([save(db, put(0, view('A'))), save(db, put(0, view('B')))])
    expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await loadStoredDocuments(db)).documents).toHaveLength(1)
  })

  test('the whole shipped catalog goes in and compiles again from what is stored', async () => {
    const db = await open()
    const catalog = catalogWith()
    const documents = [...catalog.documents.values()].flatMap((byName) => [...byName.values()])
    await save(db, put(0, ...documents))
    const stored = await loadStoredDocuments(db)
    const again = compileCatalog(stored.documents, stored.version)
    expect(again.findings).toEqual([])
    expect([...again.catalog!.objects.values()].map((o) => o.table).sort()).toEqual(
      [...catalog.objects.values()].map((o) => o.table).sort(),
    )
  })

  test('the lock keeps others out until released, expired or taken over', async () => {
    const db = await open()
    const take = (owner: string, now: number, takeOver = false) =>
      db.transaction((tx) => takeMetadataLock(tx, owner, now, 60_000, takeOver))
    expect((await take('ana', NOON)).owner).toBe('ana')
    expect((await take('ben', NOON + 1000)).owner).toBe('ana')
    expect(await take('ana', NOON + 2000)).toMatchObject({ owner: 'ana', expiresAt: '2026-03-06T12:01:02.000Z' })
    expect((await take('ben', NOON + 3000, true)).owner).toBe('ben')
    await db.transaction((tx) => releaseMetadataLock(tx, 'ana'))
    expect((await metadataLock(db))?.owner).toBe('ben')
    expect((await take('ana', NOON + 70_000)).owner).toBe('ana')
    await db.transaction((tx) => releaseMetadataLock(tx, 'ana'))
    expect(await metadataLock(db)).toBeUndefined()
  })
})
