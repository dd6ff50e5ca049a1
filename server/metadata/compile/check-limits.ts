import type { Finding } from '#util'
import type { Document } from '../documents.ts'
import { isCustom } from '../names.ts'
import { reporter, type Report } from '../report.ts'
import type { ObjectDraft } from './objects.ts'

/** Guards against runaway set-ups, far above what people build. Milestones and steps of a process are limited by its schema. */
const LIMITS = { customObjects: 1_000, fieldsPerObject: 800, activeProcesses: 1_000 } as const

export function checkLimits(
  documents: readonly Document[],
  objects: readonly ObjectDraft[],
  findings: Finding[],
): void {
  const custom = objects.filter(({ document }) => isCustom(document.name))
  const last = custom.at(LIMITS.customObjects)
  if (last)
    tooMany(
      reporter(findings, last.document),
      'name',
      `There are ${custom.length} custom objects, and ${LIMITS.customObjects} is the most.`,
    )
  for (const object of objects)
    if (object.fields.length > LIMITS.fieldsPerObject)
      tooMany(
        reporter(findings, object.document),
        'name',
        `${object.name} has ${object.fields.length} fields, and ${LIMITS.fieldsPerObject} is the most.`,
      )
  const active = documents.filter((d) => d.kind === 'EntitlementProcess' && d.status === 'active')
  const over = active.at(LIMITS.activeProcesses)
  if (over)
    tooMany(
      reporter(findings, over),
      'status',
      `There are ${active.length} active versions of processes, and ${LIMITS.activeProcesses} is the most.`,
    )
}

const tooMany = (report: Report, path: string, message: string): void =>
  report({ code: 'TOO_MANY', path, message, hint: 'Delete or deactivate what is not used any more.' })
