import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document, EntitlementProcessDocument, FieldDocument, ValidationRuleDocument } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, type Organisation } from '../testing/organisation.ts'
import { deploy, simple } from '../testing/simple-process.ts'

const note: Document = { kind: 'Action', name: 'Note', label: 'Note', object: 'Case', type: 'FeedPost', body: 'Late' }
const early: EntitlementProcessDocument = {
  ...simple,
  milestones: [
    {
      name: 'Resp',
      milestone: 'Dispatch',
      target: { hours: 1 },
      warnings: [{ before: { hours: 2 }, actions: ['Page'] }],
    },
  ],
}
const kinds = (...values: string[]): FieldDocument => ({
  kind: 'Field',
  name: 'WorkOrder.Kind__c',
  label: 'Kind',
  type: 'Picklist',
  valueSet: { restricted: true, values: values.map((value) => ({ value })) },
})
const rule: ValidationRuleDocument = {
  kind: 'ValidationRule',
  name: 'WorkOrder.NoRepair',
  errorConditionFormula: 'ISPICKVAL(Kind__c, "Repair")',
  errorMessage: 'No repair.',
}
const EARLY =
  'Simple_v1 milestones[0].warnings[0].before: This warning of Resp lies before its start, so it never fires: the promise itself is 60 minutes. Make it shorter, or give it in percent.'
const UNKNOWN =
  'objects/WorkOrder/validationRules/NoRepair.json errorConditionFormula: "Repair" is not a value of Kind__c. (characters 19–27)'

describeDatabases(
  'what a plan warns of',
  (open) => {
    const warnings = async (o: Organisation, document: Document) => {
      const change = { kind: document.kind, name: document.name, document }
      const plan = await o.engine.catalogs.plan(automationActor('test'), [change], { allowDestructive: true })
      expect(plan.findings).toEqual([])
      return plan.warnings
    }

    it('has document, place and hint, and concerns what the plan changes or causes', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, { ...note, name: 'Page', object: 'WorkOrder' }, kinds('Visit', 'Repair'), rule)
      expect(await warnings(o, early)).toEqual([EARLY])
      await deploy(o, early)
      expect(await warnings(o, note)).toEqual([])
      expect(await warnings(o, { ...early, label: 'Else' })).toEqual([EARLY])
      expect(await warnings(o, kinds('Visit'))).toEqual([UNKNOWN])
      await deploy(o, { ...rule, errorConditionFormula: 'ISPICKVAL(Kind__c, "Other")' })
      expect(await warnings(o, note)).toEqual([])
    })
  },
  installShipped,
)
