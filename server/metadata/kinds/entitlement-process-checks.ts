import type { Catalog, ObjectDef } from '../catalog.ts'
import type { EntitlementProcessDocument, MilestoneItem } from '../documents.ts'
import type { Report } from '../report.ts'
import { didYouMean } from '../suggest.ts'

type Process = EntitlementProcessDocument

/** What concerns the document alone and the objects it names; that a start and a stop can both hold is the process room's to say. */
export function checkProcess(document: Process, catalog: Catalog, report: Report): void {
  const name = `${document.process}_v${document.version}`
  if (document.name !== name)
    report({
      code: 'BAD_NAME',
      path: 'name',
      message: `Version ${document.version} of ${document.process} is named ${name}, not ${document.name}.`,
      hint: 'Correct the name, the process or the version.',
    })
  const object = catalog.object(document.object)
  if (object) checkObject(document, object, report)
  checkDefault(document, catalog, report)
  checkItems(document, report)
  for (const [i, item] of document.milestones.entries()) checkItem(document, item, i, catalog, report)
}

function checkObject(document: Process, object: ObjectDef, report: Report): void {
  if (!object.enableProcesses)
    return report({
      code: 'PROCESSES_OFF',
      path: 'object',
      message: `Processes are not enabled for ${object.name}.`,
      hint: 'Set `enableProcesses` on the object.',
    })
  if (object.document.closedWhen === undefined && document.exit?.when === undefined)
    report({
      code: 'NO_EXIT',
      path: 'exit',
      message: `${object.name} does not say when a record is closed, so the process needs an exit.`,
      hint: 'Add `exit.when`, or `closedWhen` on the object.',
    })
  const { entry, timeZoneField } = document
  const start = entry && 'dateField' in entry ? object.field(entry.dateField) : undefined
  if (start && start.type !== 'DateTime')
    report({
      code: 'WRONG_TYPE',
      path: 'entry.dateField',
      message: `${start.name} is a ${start.type} field; a process starts at a DateTime.`,
      hint: 'Name a DateTime field.',
    })
  const zone = timeZoneField === undefined ? undefined : object.field(timeZoneField)
  if (zone && zone.storage !== 'text')
    report({
      code: 'WRONG_TYPE',
      path: 'timeZoneField',
      message: `${zone.name} holds no text, so no time zone.`,
      hint: 'Name a Text or Picklist field.',
    })
}

function checkDefault(document: Process, catalog: Catalog, report: Report): void {
  for (const other of catalog.processes.values()) {
    if (other.process !== document.process || other.name >= document.name) continue
    if (other.isDefault && document.isDefault)
      report({
        code: 'TWO_DEFAULTS',
        path: 'isDefault',
        message: `Both ${other.name} and ${document.name} are the default version.`,
        hint: 'Mark one.',
      })
    if (other.object !== document.object)
      report({
        code: 'OTHER_OBJECT',
        path: 'object',
        message: `${other.name} is on ${other.object}; all versions of a process are on one object.`,
        hint: `Use ${other.object}, or another process name.`,
      })
  }
  if (document.isDefault && document.status !== 'active')
    report({
      code: 'DEFAULT_NOT_ACTIVE',
      path: 'isDefault',
      message: `${document.name} is ${document.status}, and the default version must be active.`,
      hint: 'Activate it, or mark another version.',
    })
}

function checkItems({ milestones }: Process, report: Report): void {
  const seen = new Set<string>()
  for (const [i, { name }] of milestones.entries()) {
    if (seen.has(name.toLowerCase()))
      report({
        code: 'NAME_TAKEN',
        path: `milestones[${i}].name`,
        message: `Two items are named ${name}.`,
        hint: 'Rename one; the name is its key.',
      })
    seen.add(name.toLowerCase())
  }
}

function checkItem(document: Process, item: MilestoneItem, i: number, catalog: Catalog, report: Report): void {
  const names = new Set(document.milestones.map((m) => m.milestone))
  for (const [j, name] of (item.after ?? []).entries()) {
    const path = `milestones[${i}].after[${j}]`
    if (name === item.milestone)
      report({
        code: 'AFTER_ITSELF',
        path,
        message: `${item.name} waits for its own milestone, so it never starts.`,
        hint: 'Name another milestone.',
      })
    else if (!names.has(name))
      report({
        code: 'UNKNOWN_MILESTONE',
        path,
        message: `No item of this process has the milestone ${name}.`,
        hint: didYouMean(name, names) ?? 'Name a milestone of this process.',
      })
  }
  if (item.start === 'criteria' && item.when === undefined)
    report({
      code: 'NO_CRITERIA',
      path: `milestones[${i}].start`,
      message: `${item.name} starts by criteria and has none.`,
      hint: 'Add `when`, or let it start with the process.',
    })
  checkCompletion(document, item, i, catalog, report)
  checkActions(document, item, i, catalog, report)
}

function checkCompletion(document: Process, item: MilestoneItem, i: number, catalog: Catalog, report: Report): void {
  for (const [j, rule] of (item.completion ?? []).entries()) {
    if (!('object' in rule)) continue
    const path = `milestones[${i}].completion[${j}]`
    const through = catalog.object(rule.object)?.field(rule.through)
    const reference = through?.reference
    if (through && !(reference?.any || reference?.to.includes(document.object)))
      report({
        code: 'NOT_A_REFERENCE',
        path: `${path}.through`,
        message: `${rule.object}.${through.name} does not point to ${document.object}.`,
        hint: `Name a lookup of ${rule.object} to ${document.object}.`,
      })
  }
}

function checkActions(document: Process, item: MilestoneItem, i: number, catalog: Catalog, report: Report): void {
  const lists: [string, readonly string[]][] = [
    ['successActions', item.successActions ?? []],
    ...(item.warnings ?? []).map((w, k): [string, readonly string[]] => [`warnings[${k}].actions`, w.actions]),
    ...(item.violations ?? []).map((v, k): [string, readonly string[]] => [`violations[${k}].actions`, v.actions]),
  ]
  for (const [path, names] of lists)
    for (const [k, name] of names.entries()) {
      const action = catalog.actions.get(name)
      if (action && action.object !== document.object)
        report({
          code: 'OTHER_OBJECT',
          path: `milestones[${i}].${path}[${k}]`,
          message: `The action ${name} is for ${action.object}, and this process is on ${document.object}.`,
          hint: `Name an action of ${document.object}.`,
        })
    }
}
