/** What can be wrong with a process beside its formulas. */
import type { EntitlementProcessDocument, MilestoneItem } from '#metadata'
import { type Compiler, report } from './formulas.ts'
import type { Environment } from './environment.ts'

const MAX_ITEMS = 100
/** Sources of pauses that are no item's. */
const OWN_SOURCES = ['process', 'hand', 'closed']

export function checkDocument(c: Compiler, environment: Environment, document: EntitlementProcessDocument): void {
  if (document.milestones.length === 0)
    report(c, 'NO_MILESTONES', 'milestones', `The process ${document.name} promises nothing.`, 'Add a milestone.')
  if (document.milestones.length > MAX_ITEMS)
    report(
      c,
      'TOO_MANY_MILESTONES',
      'milestones',
      `A process may have ${MAX_ITEMS} milestones; this one has ${document.milestones.length}.`,
      'Use a decision table for the target.',
    )
  checkNames(c, document.milestones)
  for (const [n, item] of document.milestones.entries()) {
    checkAfter(c, document, item, `milestones[${n}].after`)
    checkActions(c, environment, document.object, item, `milestones[${n}]`)
  }
  checkPauseNames(c, document.pauses ?? [], 'pauses')
  checkReach(c, document)
}

/** What is sound and yet can hardly be meant: told as warnings. */
function checkReach(c: Compiler, { milestones: items, fireLateSteps }: EntitlementProcessDocument): void {
  for (const [n, item] of items.entries()) {
    const path = `milestones[${n}]`
    const before = items.slice(0, n).find((other) => other.milestone === item.milestone && other.when === undefined)
    if (before)
      warn(c, 'NEVER_REACHED', path, `${item.name} never applies: ${before.name} comes before it and has no criteria.`, 'Put the item without criteria last.') // prettier-ignore
    if ('table' in item.target) checkTable(c, item.name, item.target.table, `${path}.target.table`)
    if (!fireLateSteps) checkWarnings(c, item, path)
  }
}

function checkTable(c: Compiler, name: string, rows: readonly { readonly when?: string }[], path: string): void {
  const always = rows.findIndex((row) => row.when === undefined)
  if (always >= 0 && always < rows.length - 1)
    warn(c, 'NEVER_REACHED', `${path}[${always + 1}]`, `Row ${always + 2} of the table of ${name} is never reached: row ${always + 1} has no condition.`, 'Put the row without a condition last.') // prettier-ignore
  if (always < 0)
    warn(c, 'NO_LAST_ROW', path, `Where no row of the table fits, ${name} has no target.`, 'End it with a row without a condition.') // prettier-ignore
}

/** A warning as long as the whole promise is past when it starts. */
function checkWarnings(c: Compiler, item: MilestoneItem, path: string): void {
  const goal = minutesOf(item.target)
  for (const [n, { before }] of (item.warnings ?? []).entries()) {
    const ahead = minutesOf(before)
    if (goal !== undefined && ahead !== undefined && ahead > goal)
      warn(c, 'WARNS_BEFORE_START', `${path}.warnings[${n}].before`, `This warning of ${item.name} lies before its start, so it never fires: the promise itself is ${goal} minutes.`, 'Make it shorter, or give it in percent.') // prettier-ignore
  }
}

const minutesOf = (amount: object): number | undefined =>
  'minutes' in amount ? Number(amount.minutes) : 'hours' in amount ? Number(amount.hours) * 60 : undefined

const warn = (c: Compiler, code: string, path: string, message: string, hint: string): void =>
  report(c, code, path, message, hint, 'warning')

function checkNames(c: Compiler, items: readonly MilestoneItem[]): void {
  const seen = new Set<string>()
  for (const [n, item] of items.entries()) {
    const path = `milestones[${n}]`
    if (OWN_SOURCES.includes(item.name) || item.name.includes('/'))
      report(c, 'BAD_NAME', `${path}.name`, `An item can't be called ${item.name}.`, 'Choose another name.')
    if (seen.has(item.name))
      report(c, 'DUPLICATE_ITEM', `${path}.name`, `Two items are called ${item.name}.`, 'Give each its own name.')
    seen.add(item.name)
    checkPauseNames(c, item.pauses ?? [], `${path}.pauses`)
  }
}

function checkPauseNames(c: Compiler, pauses: readonly { readonly name: string }[], path: string): void {
  const names = pauses.map((p) => p.name)
  const twice = names.find((name, n) => names.indexOf(name) !== n)
  if (twice) report(c, 'DUPLICATE_PAUSE', path, `Two pause rules are called ${twice}.`, 'Give each its own name.')
}

function checkAfter(c: Compiler, document: EntitlementProcessDocument, item: MilestoneItem, path: string): void {
  for (const name of item.after ?? []) {
    if (!document.milestones.some((other) => other.milestone === name))
      report(
        c,
        'UNKNOWN_MILESTONE',
        path,
        `${item.name} waits for ${name}, which is not a milestone of this process.`,
        'Name a milestone of the process.',
      )
    else if (reaches(document, name, item.milestone, new Set()))
      report(
        c,
        'CIRCULAR_AFTER',
        path,
        `${item.milestone} and ${name} wait for each other, so neither would ever start.`,
        'Take one of them out of "after".',
      )
  }
}

function reaches(document: EntitlementProcessDocument, from: string, to: string, seen: Set<string>): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return document.milestones
    .filter((i) => i.milestone === from)
    .some((i) => (i.after ?? []).some((name) => reaches(document, name, to, seen)))
}

function checkActions(c: Compiler, environment: Environment, object: string, item: MilestoneItem, path: string): void {
  const named = [
    ...(item.successActions ?? []).map((name) => [name, 'successActions'] as const),
    ...(item.warnings ?? []).flatMap((w, n) => w.actions.map((name) => [name, `warnings[${n}].actions`] as const)),
    ...(item.violations ?? []).flatMap((v, n) => v.actions.map((name) => [name, `violations[${n}].actions`] as const)),
  ]
  for (const [name, place] of named) {
    const action = environment.action(name)
    if (!action)
      report(c, 'UNKNOWN_ACTION', `${path}.${place}`, `There is no action ${name}.`, 'Create it, or take it out.')
    else if (action.object !== object)
      report(
        c,
        'WRONG_OBJECT',
        `${path}.${place}`,
        `The action ${name} is for ${action.object}, not for ${object}.`,
        `Make one for ${object}.`,
      )
  }
}
