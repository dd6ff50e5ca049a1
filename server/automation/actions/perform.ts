import type { ActionDocument } from '#metadata'
import type { Display } from '#records'
import type { Value } from '#util'
import { evaluationContext } from '../save/formula-context.ts'
import { hydrate } from '../save/hydrate.ts'
import { pathsOf } from '../save/paths.ts'
import { prefetchFor } from '../save/prefetch.ts'
import { dropDraft, restore } from '../save/undo.ts'
import type { Draft, Run } from '../save/draft.ts'
import type { FiredStep, PendingAction } from '../processes/work.ts'
import { ownSources } from '../source-fields.ts'
import { ActionFailure } from './action.ts'
import type { ActionBase } from './action.ts'
import { actionFormulas } from './formulas.ts'
import { ACTIONS } from './index.ts'
import { readable } from './merge.ts'
import { readMilestone } from './milestone.ts'

/** Step 11: performs actions in memory; what they write is checked in the next round like anything else. */
export async function performActions(run: Run, pending: readonly PendingAction[]): Promise<void> {
  const drafts = new Map(pending.map((p) => [p.work.record, run.draftById.get(p.work.record)!]))
  const needed = new Map<string, string[]>()
  for (const { action, work } of pending) {
    const document = run.catalog.actions.get(action.name)
    if (document)
      needed.set(work.object.name, [
        ...(needed.get(work.object.name) ?? []),
        ...actionFormulas(run.catalog, document).paths,
      ])
  }
  await hydrate(run, [...drafts.values()], (draft) => [
    ...new Set([...pathsOf(run.catalog, draft), ...(needed.get(draft.object.name) ?? [])]),
  ])
  for (const one of pending) await performOne(run, one, drafts.get(one.work.record)!)
}

async function performOne(run: Run, pending: PendingAction, draft: Draft): Promise<void> {
  const { action, work } = pending
  const document = run.catalog.actions.get(action.name)
  const fired: FiredStep = {
    id: action.id,
    action: action.name,
    instance: action.instance,
    step: action.step,
    kind: action.kind,
    due: action.due,
    status: 'Fired',
    sources: document ? sourcesOf(run, document, draft) : [],
  }
  work.fired.push(fired)
  const touched = new Map<Draft, Draft['changes'] | undefined>()
  try {
    await perform(run, pending, draft, touched)
    for (const [target, changes] of touched) markTouched(target, changes, fired)
  } catch (error) {
    if (!(error instanceof ActionFailure)) throw error
    for (const [target, changes] of touched) undo(run, target, changes)
    fired.status = 'Failed'
    fired.why = error.message
  }
}

const sourcesOf = (run: Run, document: ActionDocument, draft: Draft): string[] => [
  ...actionFormulas(run.catalog, document).sources,
  ...ownSources(draft),
]

/** Remembers what a draft was before the actions of this round, so that a failure undoes them and nothing else. */
function markTouched(target: Draft, changes: Draft['changes'] | undefined, fired: FiredStep): void {
  const set = Object.fromEntries(Object.entries(target.changes).filter(([name, value]) => changes?.[name] !== value))
  if (target.touched) target.touched.by.push({ step: fired, set })
  else target.touched = { by: [{ step: fired, set }], changes: changes ?? {} }
}

function undo(run: Run, target: Draft, changes: Draft['changes'] | undefined): void {
  if (!changes) dropDraft(run, target)
  else restore(target, changes)
}

async function perform(
  run: Run,
  pending: PendingAction,
  draft: Draft,
  touched: Map<Draft, Draft['changes'] | undefined>,
): Promise<void> {
  const document = run.catalog.actions.get(pending.action.name)
  if (!document) throw new ActionFailure(`There is no action ${pending.action.name} any more. Mend the process.`)
  const { places, paths, problem } = actionFormulas(run.catalog, document)
  if (problem) throw new ActionFailure(problem)
  Object.assign(draft.parents, await readMilestone(run, pending, draft, paths))
  await prefetchFor(run, [...places.values()].map(({ formula }) => ({ draft, formula }))) // prettier-ignore
  const context = evaluationContext(run, draft)
  const value = (place: string): Value => {
    const result = places.get(place)?.formula.evaluate(context)
    if (!result) return null
    if (!result.ok) throw new ActionFailure(`${place}: ${result.finding.message}`)
    return result.value
  }
  const values = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, value(name)]))
  const said = (reader: Display) => (place: string) => readable(places.get(place)!, value(place), reader)
  const touch = (target: Draft, made = false) =>
    void (touched.has(target) || touched.set(target, made ? undefined : { ...target.changes }))
  const given: ActionBase = {
    run,
    document,
    pending,
    draft,
    value,
    values,
    sources: sourcesOf(run, document, draft),
    said,
    touch,
  }
  await (ACTIONS[document.type] as (context: ActionBase) => Promise<void>)(given)
}
