import { expect } from 'vitest'
import { automationActor } from '#automation'
import type { Document, EntitlementProcessDocument } from '#metadata'
import type { Organisation } from './organisation.ts'

/** In the hours of the entitlement: eight hours, one for an important account. */
export const simple: EntitlementProcessDocument = {
  kind: 'EntitlementProcess',
  name: 'Simple_v1',
  process: 'Simple',
  version: 1,
  label: 'Simple',
  object: 'WorkOrder',
  status: 'active',
  isDefault: true,
  milestones: [
    { name: 'Important', milestone: 'Dispatch', when: 'Account.Name = "Important"', target: { hours: 1 } },
    { name: 'Other', milestone: 'Dispatch', target: { hours: 8 } },
  ],
}

/** Puts documents into force; a finding fails the test. */
export async function deploy(o: Organisation, ...documents: Document[]): Promise<void> {
  const actor = automationActor('test')
  const changes = documents.map((document) => ({ kind: document.kind, name: document.name, document }))
  const { planId, findings } = await o.engine.catalogs.plan(actor, changes)
  expect(findings.filter((f) => f.severity === 'error')).toEqual([])
  const applied = await o.engine.catalogs.apply(actor, planId)
  expect(applied.findings.filter((f) => f.severity === 'error')).toEqual([])
}

/** An entitlement to that process. */
export const entitle = (o: Organisation): Promise<string> =>
  o.create('Entitlement', {
    Name: 'Gold',
    AccountId: o.ids.account!,
    EntitlementProcess: 'Simple',
    BusinessHoursId: o.ids['US Support']!,
  })
