import type { EntitlementProcessDocument, MilestoneItem, PauseRule, Target } from '../documents.ts'
import type { Path, Slot } from './kind.ts'

const CHANGE =
  'It looks at a change, and criteria must hold or not by the record alone; it is allowed in completion rules on the record itself.'
const NO_NOW = {
  NOW: 'Criteria may not use NOW(), because nothing tells when it becomes true. Use TODAY() or a warning step.',
}
const NO_CHANGE = { ISCHANGED: CHANGE, PRIORVALUE: CHANGE, ISNEW: CHANGE }
const CRITERIA = { returnType: 'Boolean', refuse: { ...NO_NOW, ...NO_CHANGE } } as const
const COMPLETION = { returnType: 'Boolean', refuse: NO_NOW } as const

/** Everything a process names; `object` is the tracked one. */
export function processSlots(document: EntitlementProcessDocument): Slot[] {
  const { object, entry, exit, timeZoneField } = document
  return [
    { is: 'document', at: ['object'], kind: 'Object', name: object },
    ...(entry && 'dateField' in entry
      ? [{ is: 'field', at: ['entry', 'dateField'], object, path: entry.dateField } as const]
      : []),
    ...criteria(['entry', 'when'], object, entry && 'when' in entry ? entry.when : undefined),
    ...criteria(['exit', 'when'], object, exit?.when),
    ...(timeZoneField ? [{ is: 'field', at: ['timeZoneField'], object, path: timeZoneField } as const] : []),
    ...pauseSlots(['pauses'], object, document.pauses),
    ...document.milestones.flatMap((item, i) => itemSlots(['milestones', i], object, item)),
  ]
}

const criteria = (at: Path, object: string, source: string | undefined): Slot[] =>
  source === undefined ? [] : [{ is: 'formula', at, object, source, options: CRITERIA }]

const instant = (at: Path, object: string, source: string | undefined): Slot[] =>
  source === undefined ? [] : [{ is: 'formula', at, object, source, options: { ...CRITERIA, returnType: 'DateTime' } }]

const pauseSlots = (at: Path, object: string, pauses: readonly PauseRule[] = []): Slot[] =>
  pauses.flatMap((pause, i) => criteria([...at, i, 'when'], object, pause.when))

function itemSlots(at: Path, object: string, item: MilestoneItem): Slot[] {
  return [
    ...criteria([...at, 'when'], object, item.when),
    ...criteria([...at, 'resetWhen'], object, item.resetWhen),
    ...targetSlots([...at, 'target'], object, item.target),
    ...pauseSlots([...at, 'pauses'], object, item.pauses),
    ...(item.owner === undefined
      ? []
      : [
          { is: 'formula', at: [...at, 'owner'], object, source: item.owner, options: { returnType: 'Text' } } as const,
        ]),
    ...completionSlots([...at, 'completion'], object, item.completion),
    ...actionSlots([...at, 'successActions'], item.successActions),
    ...(item.warnings ?? []).flatMap((step, i) => actionSlots([...at, 'warnings', i, 'actions'], step.actions)),
    ...(item.violations ?? []).flatMap((step, i) => actionSlots([...at, 'violations', i, 'actions'], step.actions)),
  ]
}

function targetSlots(at: Path, object: string, target: Target): Slot[] {
  if ('minutesFormula' in target)
    return [
      {
        is: 'formula',
        at: [...at, 'minutesFormula'],
        object,
        source: target.minutesFormula,
        options: { returnType: 'Number' },
      },
    ]
  if ('dateTimeFormula' in target)
    return [
      {
        is: 'formula',
        at: [...at, 'dateTimeFormula'],
        object,
        source: target.dateTimeFormula,
        options: { returnType: 'DateTime' },
      },
    ]
  if (!('table' in target)) return []
  return target.table.flatMap((row, i) => [
    ...criteria([...at, 'table', i, 'when'], object, row.when),
    ...targetSlots([...at, 'table', i, 'target'], object, row.target),
  ])
}

function completionSlots(at: Path, object: string, rules: MilestoneItem['completion'] = []): Slot[] {
  return rules.flatMap((rule, i): Slot[] => {
    const here = [...at, i]
    if (!('object' in rule))
      return [
        { is: 'formula', at: [...here, 'when'], object, source: rule.when, options: COMPLETION },
        ...instant([...here, 'at'], object, rule.at),
      ]
    return [
      { is: 'document', at: [...here, 'object'], kind: 'Object', name: rule.object },
      { is: 'field', at: [...here, 'through'], object: rule.object, path: rule.through },
      { is: 'formula', at: [...here, 'when'], object: rule.object, source: rule.when, options: CRITERIA },
      ...instant([...here, 'at'], rule.object, rule.at),
    ]
  })
}

const actionSlots = (at: Path, names: readonly string[] = []): Slot[] =>
  names.map((name, i) => ({ is: 'document', at: [...at, i], kind: 'Action', name }))
