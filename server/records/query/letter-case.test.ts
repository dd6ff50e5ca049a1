/** Patterns disregard the case of every letter, in the same way on both databases: random texts of many scripts against JavaScript's own regular expressions. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Database } from '#database'
import { describeDatabases } from '#test/databases'
import { authorize, isAuthorized } from '../access/authorize.ts'
import { systemActor } from '../access/permissions.ts'
import type { Operator } from '#metadata'
import type { Order, Query, Where } from '../query-tree.ts'
import { compileQuery } from './compile.ts'
import { runQuery } from './run.ts'
import type { QueryContext } from './run-values.ts'
import { alike } from './testing/reference-where.ts'
import { clear, createTables, fill, idOf, makeCatalog, row, USER } from './testing/world.ts'

const catalog = makeCatalog([
  { kind: 'Field', name: 'Ticket__c.Word__c', label: 'Word', type: 'Formula', formulaType: 'Text', formula: 'IF(Open__c, "Über", "apfel")' }, // prettier-ignore
])
const context: QueryContext = { userId: USER, now: Date.UTC(2026, 2, 9), timeZone: 'UTC', cursorKey: 'k' }

/** What is easily got wrong: forms with three and four letters, no single counterpart, another script's, beyond 16 bits, composed and not; and what a pattern reads as a sign. */
const SIGNS = [
  ...'aAkKsSiIzéÉüÜßẞıİſåÅµΜμςσΣάΆЖжѣѢᲇДдᲁǅǆǄᾳᾼԱաႠⴀᏸᏰ𐐀𐐨𞤀𞤢漢😀',
  '\u212a', '\u212b', '\ufb05', '\ufb06', '\u0390', '\u1fd3', 'u\u0308', 'U\u0308', '*', '?', '[', ']', '^', '-', '%', '_', '\\', ';', '\n', '"', "'",
] // prettier-ignore
const words = fc.array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 5 }).map((signs) => signs.join(''))
const like = fc.array(fc.oneof(words, fc.constantFrom('%', '_')), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')) // prettier-ignore

describeDatabases('letter case', (open) => {
  let database: Database
  beforeAll(async () => {
    database = await open.keep()
    await createTables(database, catalog)
  })

  const subjects = async (where: Where | undefined, orderBy: readonly Order[] = []): Promise<string[]> => {
    const select = [
      { key: 'nodes', kind: 'nodes', select: [{ key: 'it', kind: 'field', field: 'Subject__c' }] },
    ] as const
    const query: Query = { kind: 'list', object: 'Ticket__c', where, orderBy, page: { first: { constant: 200 } }, select } // prettier-ignore
    const authorized = authorize(query, systemActor('test'), catalog)
    if (!isAuthorized(authorized)) throw new Error(authorized.map((finding) => finding.message).join('\n'))
    const text = await runQuery(database, compileQuery(authorized, database.dialect), {}, context)
    return (JSON.parse(text) as { nodes: { it: string }[] }).nodes.map((node) => node.it)
  }
  const keep = async (texts: readonly string[]): Promise<void> => {
    await clear(database, catalog)
    const tickets = texts.map((text, i) => row('Ticket__c', idOf('a03', i), { Subject__c: text, Long__c: text, Open__c: i % 2 === 0 })) // prettier-ignore
    await fill(database, catalog, { User: [row('User', USER, {})], Ticket__c: tickets })
  }
  const compare = (operator: Operator, constant: string, field = 'Subject__c'): Where => ({ kind: 'compare', field, operator, value: { constant } }) // prettier-ignore
  const found = async (...asked: Parameters<typeof compare>): Promise<string> => (await subjects(compare(...asked))).join(' ') // prettier-ignore

  test('of letters beyond ASCII, with every operator that disregards it', async () => {
    await keep(['ÜBER', 'über', 'Überall', 'UBER', 'Vorüber'])
    expect(await found('contains', 'über')).toBe('ÜBER über Überall Vorüber')
    expect(await found('startsWith', 'üBE')).toBe('ÜBER über Überall')
    expect(await found('like', 'Ü_er%')).toBe('ÜBER über Überall')
    expect(await found('contains', 'ÜBER', 'Long__c')).toBe('ÜBER über Überall Vorüber')
    expect((await subjects({ kind: 'not', of: compare('contains', 'ü') })).join(' ')).toBe('UBER')
    expect(await found('eq', 'über')).toBe('über')
  })

  test('letter by letter, in no language’s own way; accents count', async () => {
    await keep([
      'STRASSE',
      'Straße',
      'STRAẞE',
      'Ilgaz',
      'ılgaz',
      'İlgaz',
      'ΟΔΟΣ',
      'οδος',
      'οδοσ',
      'u\u0308ber',
      'K',
      '\u212a',
    ])
    expect(await found('contains', 'straße')).toBe('Straße STRAẞE')
    expect(await found('contains', 'strasse')).toBe('STRASSE')
    expect(await found('startsWith', 'i')).toBe('Ilgaz')
    expect(await found('startsWith', 'ı')).toBe('ılgaz')
    expect(await found('startsWith', 'İ')).toBe('İlgaz')
    expect(await found('contains', 'οδοΣ')).toBe('ΟΔΟΣ οδος οδοσ')
    expect(await found('contains', 'über')).toBe('')
    expect(await found('contains', 'U\u0308BER')).toBe('u\u0308ber')
    expect(await found('contains', 'k')).toBe('K')
  })

  test('of the longest pattern with the most forms a letter has', async () => {
    await keep(['θ'.repeat(80), 'Тт'.repeat(40)])
    expect(await found('like', 'ϴϑΘ%'.repeat(20))).toBe('θ'.repeat(80))
    expect(await found('like', `${'Т%'.repeat(80)}`)).toBe('Тт'.repeat(40))
    expect(await found('contains', 'Т'.repeat(2000))).toBe('')
    expect(await found('like', '%Ж'.repeat(1000), 'Long__c')).toBe('')
  })

  test('of what a formula says; its texts are sorted by code point like stored ones', async () => {
    await keep(['one', 'two'])
    expect(await found('contains', 'üB', 'Word__c')).toBe('one')
    expect(await found('contains', 'ub', 'Word__c')).toBe('')
    expect(await found('lt', 'b', 'Word__c')).toBe('two')
    expect(await subjects(undefined, [{ path: ['Word__c'], direction: 'asc', nulls: 'last' }])).toEqual(['two', 'one'])
  })

  test('as JavaScript has it, for random texts and patterns', async () => {
    const asked = fc.array(fc.oneof(fc.tuple(fc.constantFrom('contains' as const, 'startsWith' as const), words), fc.tuple(fc.constant('like' as const), like)), { minLength: 30, maxLength: 30 }) // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 30, maxLength: 30 }), asked, async (texts, patterns) => {
        await keep(texts)
        for (const [operator, pattern] of patterns)
          expect(await subjects(compare(operator, pattern)), `${operator} ${pattern}`).toEqual(texts.filter((text) => alike(operator, pattern, text))) // prettier-ignore
      }),
      { numRuns: Number(process.env.MILEPOST_RUNS ?? 12), endOnFailure: true },
    )
  }, 120_000)
})
