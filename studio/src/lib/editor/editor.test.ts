import { analyze, compile, complete, explain, type Suggestion } from '#formula'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldInfo, ObjectDetail } from '../api/metadata.ts'
import { earlierFormulas } from './earlier.ts'
import { colourLine, placeOf, snippetOf, type LineState } from './formula-language.ts'
import { FormulaScopes, type ObjectSource } from './formula-scope.svelte.ts'
import { FormulaState } from './formula-state.svelte.ts'
import { rowOf, selectionsOf } from './formula-values.ts'
import { showValue } from './show-value.ts'
import { traceRows } from './trace-rows.ts'
import { untried } from './untried.ts'

const field = (name: string, type: FieldInfo['type'], more: Partial<FieldInfo> = {}) =>
  ({ name, label: name, type, required: false, origin: 'declared', ...more }) as FieldInfo
const lookup = (name: string, ...to: string[]) =>
  field(name, 'Lookup', {
    reference: { to, any: false, polymorphic: to.length > 1, relationshipName: name.replace(/Id$/, ''), masterDetail: false },
  }) // prettier-ignore

const OBJECTS: { readonly [name: string]: readonly FieldInfo[] } = {
  Case: [
    field('Subject', 'Text', { length: 255 }),
    field('Priority', 'Picklist', { picklist: { restricted: true, values: [{ value: 'High' }, { value: 'Low' }] } }),
    field('Score__c', 'Formula', { formula: 'Account.Revenue__c / 2', formulaType: 'Number', scale: 0 }),
    field('Latest__c', 'RollupSummary', { formulaType: 'Date' as never }),
    lookup('AccountId', 'Account'),
    lookup('OwnerId', 'User', 'Group'),
  ],
  Account: [
    field('Name', 'Text'),
    field('Revenue__c', 'Currency', { precision: 15, scale: 2 }),
    lookup('ParentId', 'Account'),
    lookup('OwnerId', 'User', 'Group'),
  ],
  User: [field('Email', 'Email'), field('Share__c', 'Percent', { precision: 5, scale: 2 })],
  Group: [field('Email', 'Email')],
  Limits__c: [field('Max__c', 'Number')],
}

/** A catalog that gives an object only after it was asked for, and notes what was. */
class Source implements ObjectSource {
  readonly asked: string[] = []
  readonly #here = new Map<string, ObjectDetail>()
  readonly objects = Object.keys(OBJECTS).map((name) => ({ name, ...(name.startsWith('Limits') && { customSettingsType: 'Hierarchy' as const }) })) // prettier-ignore
  readonly labels = [{ name: 'Greeting', value: 'Hello' }]

  info(name: string) {
    const found = Object.keys(OBJECTS).find((known) => known.toLowerCase() === name.toLowerCase())
    return this.objects.find((known) => known.name === found)
  }
  detail(name: string) {
    return this.#here.get(name)
  }
  async loadMany(names: readonly string[]) {
    this.asked.push(...names)
    for (const name of names)
      this.#here.set(name, { ...this.info(name), fields: OBJECTS[name] } as unknown as ObjectDetail)
  }
}

function desk() {
  const source = new Source()
  const scopes = new FormulaScopes(source)
  return {
    source,
    scopes,
    messages: async (text: string) => (await scopes.settled(() => analyze(text, { scope: scopes.scope('Case') }))).findings.map((f) => f.message), // prettier-ignore
    compiled: async (text: string) => (await scopes.settled(() => compile(text, { scope: scopes.scope('Case') }))).formula!, // prettier-ignore
  }
}

describe('the scope', () => {
  test('reads an object when a path first leads there, and no other', async () => {
    const { source, messages } = desk()
    expect(await messages('Subject')).toEqual([])
    expect(source.asked).toEqual(['Case'])
    expect(await messages('Account.Name')).toEqual([])
    expect(source.asked).toEqual(['Case', 'Account'])
    expect(await messages('account.parent.owner:user.email')).toEqual([])
    expect(source.asked).toEqual(['Case', 'Account', 'User'])
  })
  test('offers all relationships without reading what is behind them', async () => {
    const { source, scopes } = desk()
    const offered = await scopes.settled(() => scopes.scope('Case').complete([]))
    expect(offered.map((item) => item.name)).toEqual(['Subject', 'Priority', 'Score__c', 'Latest__c', 'AccountId', 'Account', 'OwnerId', 'Owner:User', 'Owner:Group', '$User', '$Label', '$Setup', '$System', '$ObjectType']) // prettier-ignore
    expect(source.asked).toEqual(['Case'])
  })
  test('says what is wrong in the words of the server', async () => {
    const { messages } = desk()
    expect(await messages('Priorty')).toEqual(['No field Priorty on Case. Did you mean Priority?'])
    expect((await messages('Account.Nme'))[0]).toContain('on Account')
    expect(await messages('IF(TRUE, 1)')).toEqual(['IF needs 3 arguments, got 2.'])
  })
  test('knows labels and settings', async () => {
    const { compiled, messages, source } = desk()
    const formula = await compiled('IF($Setup.limits__c.Max__c > 2, $Label.greeting, "")')
    expect(formula.paths).toEqual(['$Setup.Limits__c.Max__c'])
    expect(source.asked).toEqual(['Limits__c'])
    expect(formula.evaluate({ record: { '$Setup.Limits__c.Max__c': 3 }, now: 0 })).toEqual({ ok: true, value: 'Hello' })
    expect(await messages('$Label.Greeing')).toEqual(['There is no custom label Greeing. Did you mean Greeting?'])
  })
  test('works formula fields out and asks for the values that they read', async () => {
    const { compiled, source } = desk()
    const formula = await compiled('Score__c + 1')
    expect(source.asked).toEqual(['Case', 'Account'])
    expect(formula.paths).toEqual(['Account.Revenue__c'])
    expect(formula.evaluate({ record: { 'Account.Revenue__c': 5 }, now: 0 })).toEqual({ ok: true, value: 3.5 })
  })
  test('knows what a roll-up gives', async () => {
    expect((await desk().compiled('Latest__c')).type).toBe('Date')
  })
  test('leaves a formula that reads itself to the server', async () => {
    const source = new Source()
    const loop = { ...OBJECTS, Loop: [field('Me__c', 'Formula', { formula: 'Me__c + 1', formulaType: 'Number' })] }
    const of: ObjectSource = {
      objects: source.objects,
      labels: source.labels,
      info: (name) => (name === 'Loop' ? { name } : source.info(name)),
      detail: (name) => ({ name, fields: loop[name as keyof typeof loop] }) as unknown as ObjectDetail,
      loadMany: (names) => source.loadMany(names),
    }
    const scopes = new FormulaScopes(of)
    expect(await scopes.settled(() => compile('Me__c', { scope: scopes.scope('Loop') }).findings)).toEqual([])
  })
})

describe('the state of a formula', () => {
  test('an empty box is no mistake; what it gives is known when it is right', async () => {
    const { scopes } = desk()
    const state = new FormulaState(scopes, 'Case', { returnType: 'Boolean' })
    state.write('  ')
    await state.check()
    expect([state.findings, state.formula]).toEqual([[], undefined])
    state.write('ISPICKVAL(Priority, "High")')
    await state.check()
    expect([state.findings, state.formula?.type]).toEqual([[], 'Boolean'])
    state.write('Subject')
    await state.check()
    expect(state.errors).toHaveLength(1)
    expect(state.formula).toBeUndefined()
  })
  test('the last of several overlapping checks wins', async () => {
    const { scopes } = desk()
    const state = new FormulaState(scopes, 'Case', {})
    state.write('Owner:User.Email')
    const slow = state.check()
    state.write('"x"')
    await Promise.all([state.check(), slow])
    expect(state.checked).toBe('"x"')
  })
  test('completes a path behind a lookup that was not read yet', async () => {
    const { scopes } = desk()
    const state = new FormulaState(scopes, 'Case', {})
    state.write('Account.Rev')
    expect((await state.complete(11)).items.map((item) => item.label)).toEqual(['Revenue__c'])
    state.dispose()
  })
})

describe('values', () => {
  const PATHS = ['Subject', 'Account.Name', 'Account.Owner:User.Email', 'Owner:User.Email', 'Owner:Group.Email', '$User.Email'] // prettier-ignore

  test('paths become one selection, kinds of owner apart', () => {
    const { record, user, organization } = selectionsOf(PATHS)
    expect(record).toBe(
      'Subject to_Account: Account { Name to_Owner__of_User: Owner { ... on User { Email } } } to_Owner__of_User: Owner { ... on User { Email } } to_Owner__of_Group: Owner { ... on Group { Email } }',
    )
    expect([user, organization]).toEqual(['Email', ''])
  })
  test('the answer becomes a flat row; what is behind an empty lookup is blank', () => {
    const record = { Subject: 'x', to_Account: { Name: 'Acme', to_Owner__of_User: null }, to_Owner__of_User: {}, to_Owner__of_Group: { Email: 'g@x' } } // prettier-ignore
    expect({ ...rowOf(PATHS, { record, user: { Email: 'me@x' } }) }).toEqual({
      Subject: 'x', 'Account.Name': 'Acme', 'Account.Owner:User.Email': null, 'Owner:User.Email': null, 'Owner:Group.Email': 'g@x',
      '$User.Email': 'me@x',
    }) // prettier-ignore
  })
  test('a trace is a list without literals', async () => {
    const formula = await desk().compiled('IF(ISPICKVAL(Priority, "High"), Subject, Account.Name & "!")')
    const { trace } = explain(formula, { record: { Priority: 'High', Subject: 'Pump' }, now: 0 })!
    expect(traceRows(trace).map(({ node, depth }) => `${depth} ${node.text} ${node.needed}`).slice(1)).toEqual([
      '1 ISPICKVAL(Priority, "High") true', '2 Priority true', '1 Subject true', '1 Account.Name & "!" false', '2 Account.Name false',
    ]) // prettier-ignore
  })
  test.each([
    [null, 'Text', 'blank'],
    [true, 'Boolean', 'True'],
    ['Pump', 'Text', '“Pump”'],
    [3.5, 'Number', '3.5'],
    [['A', 'B'], 'MultiselectPicklist', 'A; B'],
    ['09:30:00.000', 'Time', '09:30'],
  ] as const)('%j of type %s is shown as %s', (value, type, shown) => expect(showValue(value, type)).toBe(shown))
})

describe('colours', () => {
  const kinds = (line: string, state: LineState = '') => colourLine(line, state).tokens.map((t) => `${t.startIndex}${t.scopes}`) // prettier-ignore

  test('fields, functions, texts, numbers and what is between them', () => {
    expect(kinds('IF(A > 1, "x")')).toEqual(['0function', '2punctuation', '3field', '4space', '5operator', '6space', '7number', '8punctuation', '9space', '10text', '13punctuation']) // prettier-ignore
  })
  test('comments and texts go on over lines', () => {
    expect(colourLine('1 /* one', '').endState).toBe('*')
    expect(colourLine('', '*').endState).toBe('*')
    expect(kinds('two */ 3', '*')).toEqual(['0comment', '6space', '7number'])
    expect(colourLine('two */ 3', '*').endState).toBe('')
    expect(colourLine('"a', '').endState).toBe('"')
    expect(kinds('b" & "c"', '"')).toEqual(['0text', '2space', '3operator', '4space', '5text'])
    expect(colourLine("'a\\'", '').endState).toBe("'")
  })
  test('any text, in any state, colours from its first character on, in order', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom<LineState>('', '*', '"', "'"), (line, state) => {
        const starts = colourLine(line, state).tokens.map((t) => t.startIndex)
        expect(starts.every((start, i) => start >= 0 && start < line.length && (i === 0 || start > starts[i - 1]!))).toBe(true) // prettier-ignore
        if (starts.length > 0) expect(starts[0]).toBe(0)
      }),
    )
  })
})

describe('what a suggestion writes', () => {
  const suggestion = (more: Partial<Suggestion>) => ({ kind: 'field', label: 'x', insert: 'x', ...more }) as Suggestion
  test.each([
    [suggestion({ insert: 'Priority' }), '', 'Priority'],
    [suggestion({ kind: 'function', insert: 'IF(', detail: 'IF(a, b, c)' }), '', 'IF($0)'],
    [suggestion({ kind: 'function', insert: 'IF(', detail: 'IF(a, b, c)' }), '(', 'IF'],
    [suggestion({ kind: 'function', insert: 'NOW(', detail: 'NOW()' }), '', 'NOW()'],
    [suggestion({ kind: 'relationship', insert: '$User.' }), '', '\\$User.'],
  ])('%o before "%s" → %s', (item, following, text) => expect(snippetOf(item, following)).toBe(text))

  test('every suggestion of the language has its text', async () => {
    const { scopes } = desk()
    const { items } = await scopes.settled(() => complete('', 0, { scope: scopes.scope('Case') }))
    expect(items.length).toBeGreaterThan(80)
    for (const item of items) expect(snippetOf(item, '').replaceAll(/\$0|\\/g, '')).toContain(item.insert.trim())
  })
})

test.each([
  ['LEN(Subject) > 2', undefined],
  ['ISCHANGED(Subject)', 'As if the record were saved now without a change: ISCHANGED sees none.'],
  ['BUSINESSADD(NOW(), 30) > NOW()', 'BUSINESSADD can’t be tried here'],
  ['$Setup.Limits__c.Max__c > 2', '$Setup can’t be tried here'],
])('trying %s out says %s', async (source, words) => {
  const said = untried(await desk().compiled(source))
  expect(said?.words ?? '').toContain(words ?? '')
  expect(said === undefined).toBe(words === undefined)
})

test('earlier formulas are told apart from changes of anything else', () => {
  const earlier = [
    { at: '4', by: 'Ana', document: { label: 'C', formula: '3' } },
    { at: '3', by: 'Ana', document: { label: 'B', formula: '2' } },
    { at: '2', by: 'Ben', document: { label: 'A', formula: '2' } },
    { at: '1', by: undefined, document: { label: 'A', formula: '1' } },
    { at: '0', by: undefined, document: { label: 'A', type: 'Text' } },
  ]
  expect(earlierFormulas('formula', { current: { formula: '3' }, earlier })).toEqual([
    { at: '3', by: 'Ana', formula: '2' },
    { at: '1', by: undefined, formula: '1' },
  ])
})

test('a place is told by line and column', () => {
  expect(placeOf('IF(\n  A', 6)).toEqual({ line: 2, column: 3 })
  expect(placeOf('', 0)).toEqual({ line: 1, column: 1 })
})
