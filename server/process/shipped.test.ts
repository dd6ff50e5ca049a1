/** The processes and objects that are shipped: they compile, and have every field that rows are written to. */
import { describe, expect, it } from 'vitest'
import { compileCatalog } from '#metadata'
import { loadDocuments } from '#metadata/load'
import { formatFinding } from '#util'
import { compileProcess } from './compile/compile.ts'
import { recordFields } from './record-fields.ts'
import { rowsOf } from './rows.ts'
import { compiled, Driver, minute, T0 } from './testing.ts'
import { checkVersions } from './versions.ts'

const folder = (name: string) => new URL(`../../metadata/${name}`, import.meta.url).pathname
const { catalog, findings } = compileCatalog(loadDocuments(folder('standard'), folder('demo')).documents, 1)

describe('shipped processes', () => {
  it('stand on documents that compile', () =>
    expect(findings.filter((f) => f.severity === 'error').map(formatFinding)).toEqual([]))
  for (const document of catalog?.processes.values() ?? []) {
    it(`${document.name} compiles without a finding`, () => {
      const result = compileProcess(document, catalog!)
      expect(result.findings.map(formatFinding)).toEqual([])
      expect(result.process!.milestones.length).toBeGreaterThan(0)
    })
  }
  it('have no overlapping versions', () => expect(checkVersions(catalog!.processes.values())).toEqual([]))
})

describe('every field that rows are written to exists', () => {
  const d = new Driver(
    compiled({
      pauses: [{ name: 'p', when: 'Flag' }],
      milestones: [{ name: 'a', milestone: 'A', target: { minutes: 60 } }],
    }),
  )
  d.save(T0, { CreatedDate: '2026-01-05T09:00:00.000Z' })
  d.save(minute(5), { Flag: true })
  d.save(minute(9), { Flag: false })
  d.look(minute(600))
  const rows = rowsOf(d.rules, d.state)
  const objects = [
    ['RecordMilestone', rows.milestones],
    ['RecordMilestonePause', rows.pauses],
    ['MilestoneViolation', rows.violations],
  ] as const
  for (const [name, all] of objects) {
    it(name, () => {
      expect(all).toHaveLength(1)
      expect(Object.keys(all[0]!.fields).filter((field) => !catalog!.object(name)!.field(field))).toEqual([])
    })
    it(`${name} picklists hold what is written`, () => {
      for (const [field, value] of Object.entries(all[0]!.fields)) {
        const values = catalog!
          .object(name)!
          .field(field)
          ?.picklist?.values.map((v) => v.value)
        if (values && value !== null) expect(values, field).toContain(value)
      }
    })
  }
  it('any object with processes', () => {
    expect(
      Object.keys(recordFields(d.rules, d.state).fields).filter((field) => !catalog!.object('Case')!.field(field)),
    ).toEqual([])
  })
})
