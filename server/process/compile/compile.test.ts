import { describe, expect, it } from 'vitest'
import type { EntitlementProcessDocument } from '#metadata'
import { documentOf, ENVIRONMENT } from '../testing.ts'
import { checkVersions, versionFor } from '../versions.ts'
import { compileIn } from './compile.ts'

const item = { name: 'a', milestone: 'A', target: { minutes: 60 } } as const
const findings = (part: Partial<EntitlementProcessDocument>) =>
  compileIn(ENVIRONMENT, documentOf({ milestones: [item], ...part })).findings
const told = (part: Partial<EntitlementProcessDocument>) => findings(part).map((f) => `${f.code} ${f.path}`)
const one = (more: object): Partial<EntitlementProcessDocument> => ({ milestones: [{ ...item, ...more }] })

/** One row a mistake. */
const MISTAKES: readonly [string, Partial<EntitlementProcessDocument>, string][] = [
  ['unknown object', { object: 'Nothing' }, 'UNKNOWN_OBJECT object'],
  ['no milestone', { milestones: [] }, 'NO_MILESTONES milestones'],
  ['an object without closedWhen and no exit', { object: 'Mail' }, 'NO_EXIT exit'],
  ['NOW in criteria', one({ when: 'Due < NOW()' }), 'milestones[0].when'],
  ['ISCHANGED in criteria', one({ when: 'ISCHANGED(Status)' }), 'milestones[0].when'],
  ['ISNEW in pauses', { pauses: [{ name: 'p', when: 'ISNEW()' }] }, 'pauses[0].when'],
  ['PRIORVALUE in a rule on a related record', one({ completion: [{ object: 'Mail', through: 'ParentId', when: 'PRIORVALUE(Incoming)' }] }), 'milestones[0].completion[0].when'],
  ['NOW in a completion rule', one({ completion: [{ when: 'Due < NOW()' }] }), 'milestones[0].completion[0].when'],
  ['a field that is not there', one({ when: 'Priorty = "x"' }), 'milestones[0].when'],
  ['criteria that are no condition', one({ when: 'Amount' }), 'milestones[0].when'],
  ['a target of no time', one({ target: { minutes: 0 } }), 'BAD_AMOUNT milestones[0].target'],
  ['half a business day', one({ target: { businessDays: 0.5 } }), 'BAD_AMOUNT milestones[0].target'],
  ['an empty decision table', one({ target: { table: [] } }), 'EMPTY_TABLE milestones[0].target.table'],
  ['a target formula of the wrong type', one({ target: { minutesFormula: 'Due' } }), 'milestones[0].target.minutesFormula'],
  ['a warning of 100 percent', one({ warnings: [{ before: { percent: 100 }, actions: [] }] }), 'BAD_OFFSET milestones[0].warnings[0].before'],
  ['a violation step before the target', one({ violations: [{ after: { minutes: -1 }, actions: [] }] }), 'BAD_OFFSET milestones[0].violations[0].after'],
  ['a step that repeats too fast', one({ violations: [{ after: { minutes: 0 }, every: { minutes: 0.1 }, actions: [] }] }), 'BAD_AMOUNT milestones[0].violations[0].every'],
  ['a step that repeats too often', one({ violations: [{ after: { minutes: 0 }, every: { minutes: 1 }, times: 5000, actions: [] }] }), 'BAD_TIMES milestones[0].violations[0].times'],
  ['an action that is not there', one({ successActions: ['Missing'] }), 'UNKNOWN_ACTION milestones[0].successActions'],
  ['two items of one name', { milestones: [item, item] }, 'DUPLICATE_ITEM milestones[1].name'],
  ['an item name with a slash', one({ name: 'a/b' }), 'BAD_NAME milestones[0].name'],
  ['an item named like a source of pauses', one({ name: 'hand' }), 'BAD_NAME milestones[0].name'],
  ['two pause rules of one name', { pauses: [{ name: 'p', when: 'Flag' }, { name: 'p', when: 'Done' }] }, 'DUPLICATE_PAUSE pauses'],
  ['waiting for what is not there', one({ after: ['Z'] }), 'UNKNOWN_MILESTONE milestones[0].after'],
  ['waiting for itself', one({ after: ['A'] }), 'CIRCULAR_AFTER milestones[0].after'],
  ['an entry field that is no date-time', { entry: { dateField: 'Day' } }, 'NOT_A_DATETIME entry.dateField'],
  ['a related object that is not there', one({ completion: [{ object: 'Nix', through: 'ParentId', when: 'TRUE' }] }), 'UNKNOWN_OBJECT milestones[0].completion[0].object'],
  ['a related object that does not refer here', one({ completion: [{ object: 'Mail', through: 'Id', when: 'Incoming' }] }), 'NOT_RELATED milestones[0].completion[0].through'],
  ['a time field that is none', one({ completion: [{ object: 'Mail', through: 'ParentId', when: 'Incoming', at: 'Id' }] }), 'WRONG_RESULT_TYPE milestones[0].completion[0].at'],
  ['a zone field that is no text', { timeZoneField: 'Due' }, 'NOT_A_TEXT timeZoneField'],
  ['an item that stops by the condition it starts by', one({ when: 'Flag', completion: [{ when: 'Flag' }] }), 'STOPS_AS_IT_STARTS milestones[0].completion'],
  ['a process left by the condition it is entered by', { entry: { when: 'Flag' }, exit: { when: 'Flag' } }, 'STOPS_AS_IT_STARTS entry.when'],
] // prettier-ignore

describe('a process that is wrong says so', () => {
  for (const [name, part, expected] of MISTAKES) it(name, () => expect(told(part).join('\n')).toContain(expected))

  it('start and stop that can hold together are a warning with an example', () => {
    const found = findings(
      one({ when: 'ISPICKVAL(Status, "New")', completion: [{ when: 'OR(Done, ISPICKVAL(Status, "Closed"))' }] }),
    )
    expect(found.map((f) => `${f.code} ${f.severity}`)).toEqual(['START_AND_STOP warning'])
    expect(found[0]!.message).toContain('Status = "New"')
  })
  it('what can never apply or fire is a warning', () => {
    const table = (...rows: object[]) => one({ target: { table: rows } as never })
    const hour = { target: { hours: 1 } }
    const cases: [Partial<EntitlementProcessDocument>, string][] = [
      [{ milestones: [item, { ...item, name: 'second', when: 'Flag' }] }, 'NEVER_REACHED milestones[1]'],
      [table(hour, { when: 'Flag', ...hour }), 'NEVER_REACHED milestones[0].target.table[1]'],
      [table({ when: 'Flag', ...hour }), 'NO_LAST_ROW milestones[0].target.table'],
      [one({ target: { minutes: 60 }, warnings: [{ before: { hours: 2 }, actions: [] }] }), 'WARNS_BEFORE_START milestones[0].warnings[0].before'],
    ] // prettier-ignore
    for (const [part, expected] of cases)
      expect(findings(part).map((f) => `${f.code} ${f.path} ${f.severity}`)).toEqual([`${expected} warning`])
    expect(
      findings({
        milestones: [
          { ...item, when: 'Flag' },
          { ...item, name: 'second' },
        ],
      }),
    ).toEqual([])
    expect(findings(table({ when: 'Flag', ...hour }, hour))).toEqual([])
    expect(findings({ ...cases[3]![0], fireLateSteps: true })).toEqual([])
  })
  it('a completion rule that holds from the start is a warning', () => {
    const rule = (when: string, more: object = {}) =>
      findings(one({ completion: [{ when }], ...more })).filter((f) => f.code === 'HOLDS_FROM_START')
    const held = ['NOT(ISBLANK(Amount))', 'ISPICKVAL(Status, "New")', 'NOT(Done)', 'Account.Tier <> "Gold"', 'ISBLANK(Due)', 'NOT(ISBLANK(CreatedDate))'] // prettier-ignore
    expect(held.filter((when) => rule(when).length !== 1)).toEqual([])
    expect(rule('NOT(Done)')[0]).toMatchObject({
      severity: 'warning',
      path: 'milestones[0].completion',
      message:
        'a of Care_v1 does not start on a new record: its completion rule 1 (Done is not checked) holds already.',
    })
    expect(rule('NOT(ISBLANK(Amount))')[0]).toMatchObject({
      message:
        'a of Care_v1 never starts: its completion rule 1 (Amount is filled) holds already, because a blank Amount counts as 0.',
      hint: 'Compare Amount with 0 instead.',
    })
    expect(rule('NOT(ISBLANK(Amount))', { when: 'Amount > 5' })).toHaveLength(1)
    expect(rule('ISBLANK(Due)', { when: 'ISPICKVAL(Priority, "High")' })).toHaveLength(1)
  })
  it('… not where the rule asks for what is still to be done, or the milestone starts later by the same fields', () => {
    const sound: object[] = [
      { completion: [{ when: 'Done' }] },
      { completion: [{ when: 'Amount > 0' }] },
      { completion: [{ when: 'ISPICKVAL(Priority, "High")' }] },
      { completion: [{ when: 'NOT(ISPICKVAL(Status, "New"))' }] },
      { completion: [{ when: 'Account.Tier = "Gold"' }] },
      { completion: [{ when: 'ISNEW()' }] },
      { completion: [{ when: 'ISCHANGED(Status)' }] },
      { when: 'ISPICKVAL(Status, "Waiting")', completion: [{ when: 'NOT(ISPICKVAL(Status, "Waiting"))' }] },
    ]
    for (const more of sound) expect(findings(one(more))).toEqual([])
    const later = { ...item, name: 'b', milestone: 'B', after: ['A'], completion: [{ when: 'NOT(Done)' }] }
    expect(findings({ milestones: [item, later] })).toEqual([])
    const never = { ...later, completion: [{ when: 'NOT(ISBLANK(Amount))' }] }
    expect(findings({ milestones: [item, never] }).map((f) => f.code)).toEqual(['NEVER_TRUE', 'HOLDS_FROM_START'])
  })
  it('a target that is none while a field is blank is a warning, not where the item says what counts then', () => {
    const blank = (target: object, more: object = {}) =>
      findings(one({ target, ...more })).filter((f) => f.code === 'BLANK_TARGET')
    expect(blank({ minutesFormula: 'Amount * 2' })).toMatchObject([
      { severity: 'warning', path: 'milestones[0].target', message: 'a of Care_v1 has no target while Amount is blank: it is not evaluated then.' },
    ]) // prettier-ignore
    expect(blank({ dateTimeFormula: 'Due' })).toHaveLength(1)
    expect(blank({ table: [{ when: 'Flag', target: { minutes: 30 } }, { target: { minutesFormula: 'Amount' } }] })).toHaveLength(1) // prettier-ignore
    expect(blank({ minutesFormula: 'IF(Amount > 0, Amount, 60)' })).toEqual([])
    expect(blank({ minutesFormula: 'Amount' }, { when: 'Amount > 0' })).toEqual([])
    expect(blank({ dateTimeFormula: 'BLANKVALUE(Due, CreatedDate + 1)' })).toEqual([])
  })
  it('a formula that depends on who saves is a warning', () => {
    const found = findings(one({ when: '$User.Department = "Support"' }))
    expect(found.map((f) => `${f.code} ${f.severity} ${f.path}`)).toEqual([
      'DEPENDS_ON_USER warning milestones[0].when',
    ])
  })
  it('tells everything at once', () => {
    expect(
      findings({
        milestones: [{ ...item, when: 'Nope', successActions: ['Missing'] }],
        pauses: [{ name: 'p', when: 'NOW() > Due' }],
      }).length,
    ).toBeGreaterThanOrEqual(3)
  })
  it('a sound process has no finding', () => expect(findings({})).toEqual([]))
})

describe('what a compiled process asks for', () => {
  it('names paths, watches, calendars and whether it looks at the day', () => {
    const { process } = compileIn(ENVIRONMENT, documentOf({
      businessHours: 'Office',
      pauses: [{ name: 'p', when: 'ISPICKVAL(Status, "Waiting")' }],
      milestones: [{ ...item, when: 'AND(Account.Tier = "Gold", Day <= TODAY())', businessHours: '24x7', completion: [{ object: 'Mail', through: 'ParentId', when: 'Incoming' }] }],
    })) // prettier-ignore
    expect(process!.paths).toEqual(expect.arrayContaining(['Account.Tier', 'Day', 'Status', 'OwnerId', 'CreatedDate']))
    expect(process!.pausePaths).toEqual(['Status'])
    expect(process!.usesToday).toBe(true)
    expect(process!.calendars).toEqual(['Office', '24x7'])
    expect(process!.watches.map((w) => [w.object, w.through, w.paths])).toEqual([
      ['Mail', 'ParentId', ['Incoming', 'ParentId']],
    ])
  })
})

describe('versions', () => {
  const v = (version: number, more: Partial<EntitlementProcessDocument> = {}) =>
    documentOf({ milestones: [item], version, ...more })
  it('overlapping versions are findings', () => {
    expect(checkVersions([v(1), v(1)]).map((f) => f.code)).toEqual(['SAME_VERSION'])
    expect(checkVersions([v(1, { isDefault: true }), v(2, { isDefault: true })]).map((f) => f.code)).toEqual([
      'TWO_DEFAULTS',
    ])
    expect(checkVersions([v(1, { isDefault: true, status: 'draft' })]).map((f) => f.code)).toEqual([
      'DEFAULT_NOT_ACTIVE',
    ])
    expect(checkVersions([v(1), v(2, { object: 'Mail' })]).map((f) => f.code)).toEqual(['OTHER_OBJECT'])
    expect(checkVersions([v(1, { isDefault: true }), v(2)])).toEqual([])
  })
  it('a new record gets the default, a record in flight keeps its own', () => {
    const all = [v(1), v(2, { isDefault: true }), v(3, { status: 'draft' })]
    const pinned = compileIn(ENVIRONMENT, v(1)).process!
    expect(versionFor(all, 'Care', 'Thing', undefined)?.version).toBe(2)
    expect(versionFor(all, 'Care', 'Thing', pinned)?.version).toBe(1)
    expect(versionFor(all, 'Other', 'Thing', pinned)).toBeUndefined()
  })
})
