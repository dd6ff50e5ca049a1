import type { ActionDocument, ObjectDef } from '#metadata'
import type { Display } from '#records'
import type { Row, Value } from '#util'
import type { Draft, Run } from '../save/draft.ts'
import type { PendingAction } from '../processes/work.ts'
import type { Said } from './merge.ts'

/** What every action is handed: the record it acts for, and the values of its formulas. */
export interface ActionBase {
  readonly run: Run
  readonly document: ActionDocument
  readonly pending: PendingAction
  readonly draft: Draft
  /** Value of the formula that stands in this place; throws ActionFailure when it can't be worked out. */
  value(place: string): Value
  /** Values of several places. */
  values(places: readonly string[]): Row
  /** Ids of the fields that its formulas name: beside what it writes they tell who may see it. */
  readonly sources: readonly string[]
  /** Its merge fields as this reader expects them. */
  said(reader: Display): Said
  /** Called before a draft is written to (`made`: it is this action's own), so that the action can be undone. */
  touch(draft: Draft, made?: boolean): void
}

export interface ActionContext<Type extends ActionDocument['type']> extends ActionBase {
  readonly document: Extract<ActionDocument, { type: Type }>
}

/** Thrown by an action that can't be done; the action is undone, the save holds, the message is shown on its row. */
export class ActionFailure extends Error {}

export type Perform<Type extends ActionDocument['type']> = (context: ActionContext<Type>) => Promise<void>

/** The record's object must have this field, or the action fails in words. */
export function requireField(object: ObjectDef, name: string): string {
  const field = object.field(name)
  if (!field) throw new ActionFailure(`${object.label} has no field ${name} any more. Mend the action.`)
  return field.name
}
