import type { FieldDef, ObjectDef } from '../catalog.ts'
import type { AutoApplyRuleDocument } from '../documents.ts'
import { didYouMean } from '../suggest.ts'
import type { KindEntry, Slot } from './kind.ts'
import { documentSchema, exactlyOne, flag, list, oneOf, record, text, whole } from './schema.ts'

const SOURCES = ['asset', 'contractLine', 'contact', 'account'] as const

/** The objects that an entitlement is looked for through. */
const THROUGH = { asset: 'Asset', contractLine: 'ContractLineItem', contact: 'Contact', account: 'Account' } as const

/** The lookup of an object that leads there: `AccountId`, else the first to that object alone, so that custom objects have one, too. */
export function entitlementLookup(object: ObjectDef, source: keyof typeof THROUGH): FieldDef | undefined {
  const to = THROUGH[source]
  const leads = ({ reference }: FieldDef): boolean => reference?.to.length === 1 && reference.to[0] === to
  const named = object.field(`${to}Id`)
  return named && leads(named) ? named : object.fields.find(leads)
}

export const autoApplyRuleKind: KindEntry<AutoApplyRuleDocument> = {
  kind: 'AutoApplyRule',
  label: 'Auto-apply rule',
  schema: documentSchema(
    'AutoApplyRule',
    'API name.',
    {
      object: text('The object whose new records it looks at.'),
      order: whole('Lower is tried first.'),
      active: flag('Default true.'),
      when: text('A Boolean formula, or the word always.'),
      apply: exactlyOne(
        record(
          {
            entitlementFrom: list(
              oneOf(SOURCES, 'Where to look.'),
              'The first of these with an active entitlement gives it.',
              { minItems: 1, uniqueItems: true },
            ),
            entitlement: text('The name of a shared entitlement.'),
            process: text('The API name of a process, applied without an entitlement.'),
          },
          [],
          'What the record gets.',
        ),
        ['entitlementFrom', 'entitlement', 'process'],
      ),
    },
    ['object', 'order', 'when', 'apply'],
  ),
  slots({ object, when }) {
    const own: Slot = { is: 'document', at: ['object'], kind: 'Object', name: object }
    return when === 'always'
      ? [own]
      : [own, { is: 'formula', at: ['when'], object, source: when, options: { returnType: 'Boolean' } }]
  },
  check(document, catalog, report) {
    const object = catalog.object(document.object)
    if (object && !object.enableProcesses)
      report({
        code: 'PROCESSES_OFF',
        path: 'object',
        message: `Processes are not enabled for ${object.name}.`,
        hint: 'Set `enableProcesses` on the object.',
      })
    if (object && 'entitlementFrom' in document.apply)
      for (const [i, source] of document.apply.entitlementFrom.entries())
        if (!entitlementLookup(object, source))
          report({
            code: 'NO_LOOKUP',
            path: `apply.entitlementFrom[${i}]`,
            message: `${object.name} has no lookup to ${THROUGH[source]}, so no entitlement is found through it.`,
            hint: 'Add the lookup, or take it out.',
          })
    if (!('process' in document.apply)) return
    const { process } = document.apply
    const versions = [...catalog.processes.values()].filter((p) => p.process === process)
    const path = 'apply.process'
    if (versions.length === 0)
      report({
        code: 'UNKNOWN_PROCESS',
        path,
        message: `There is no entitlement process ${process}.`,
        hint:
          didYouMean(
            process,
            [...catalog.processes.values()].map((p) => p.process),
          ) ?? 'Name one without its version.',
      })
    else if (object && versions[0]?.object !== object.name)
      report({
        code: 'OTHER_OBJECT',
        path,
        message: `The process ${process} is on ${versions[0]?.object}, not on ${object.name}.`,
        hint: `Name a process of ${object.name}.`,
      })
  },
}
