import { documentPath } from '#metadata'
import type { PermissionSetDocument, PlanStep } from '#metadata'
import type { Finding } from '#util'
import { checkDecisions } from './decisions.ts'
import { grantsOf } from './grants.ts'
import type { Grant } from './grants.ts'
import { ASK, needsManageUsers } from './needs.ts'
import type { Change } from './own.ts'
import { checkReads } from './reads.ts'

/**
 * What somebody who does not manage users may not change although they may change metadata: nobody gives what they don't hold or reads by a formula what they may not read,
 * and what takes from others or decides about users takes the permission to manage them.
 */
export function checkAuthority(change: Change): Finding[] {
  const sets = change.steps.filter((step) => step.kind === 'PermissionSet')
  const found = [...sets.flatMap((step) => checkGrants(change, step)), ...checkDecisions(change), ...checkReads(change)]
  return [...new Map(found.map((finding) => [`${finding.file} ${finding.message}`, finding])).values()]
}

/** A new name moves nothing: who has the set keeps it. What goes with its object or field takes nothing that is still there. */
function checkGrants(change: Change, step: PlanStep): Finding[] {
  const was = grantsOf(step.before as PermissionSetDocument | undefined, change.current, change)
  const is = grantsOf(step.after as PermissionSetDocument | undefined, change.next, change)
  const added = without(is, was)
  const given = added.filter((grant) => !grant.denial && !grant.held)
  const taken = [...without(was, is), ...added.filter((grant) => grant.denial)].filter((grant) => !grant.comes)
  return [
    ...(given.length > 0 ? [notHeld(step.name, list(given))] : []),
    ...(taken.length > 0 ? [needsManageUsers(step, `it takes from others or denies them: ${list(taken)}`)] : []),
  ]
}

const without = (grants: readonly Grant[], others: readonly Grant[]): Grant[] => {
  const keys = new Set(others.map((other) => other.key))
  return grants.filter((one) => !keys.has(one.key))
}

const NAMED = 5

function list(grants: readonly Grant[]): string {
  const texts = [...new Set(grants.map((grant) => grant.text))]
  return texts.slice(0, NAMED).join(', ') + (texts.length > NAMED ? ` and ${texts.length - NAMED} more` : '')
}

const notHeld = (name: string, grants: string): Finding => ({
  code: 'NOT_HELD',
  severity: 'error',
  file: documentPath('PermissionSet', name),
  message: `${name} gives what you don't have yourself: ${grants}.`,
  hint: ASK,
})
