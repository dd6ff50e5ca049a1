import type { Row } from '#util'
import { addDraft } from '../save/draft.ts'
import type { Draft } from '../save/draft.ts'
import { withSources } from '../source-fields.ts'
import { automationActor } from '../actor.ts'
import { ActionFailure, requireField } from './action.ts'
import type { ActionBase, Perform } from './action.ts'

/** Makes a record of any object; values are formulas over the record that caused it. */
export const createRecord: Perform<'CreateRecord'> = async (context) => {
  createDraft(context, context.document.create, context.values(Object.keys(context.document.values)))
}

/** `sources`: ids of fields that it copies besides those that the action's formulas name. */
export function createDraft(
  context: ActionBase,
  objectName: string,
  values: Row,
  sources: readonly string[] = [],
): Draft {
  const { run, document } = context
  const object = run.catalog.object(objectName)
  if (!object) throw new ActionFailure(`There is no object ${objectName} any more. Mend the action ${document.name}.`)
  const changes = Object.fromEntries(
    Object.entries(values).map(([field, value]) => [requireField(object, field), value]),
  )
  const made = addDraft(run, {
    object,
    operation: 'create',
    id: run.newId(object),
    changes: { ...changes, ...withSources(object, [...context.sources, ...sources]) },
    actor: automationActor(`action ${document.name}`),
    index: -1,
  })
  context.touch(made, true)
  return made
}
