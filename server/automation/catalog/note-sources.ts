import { placeholders, quote } from '#database'
import type { Database, Transaction } from '#database'
import type { ActionDocument, Catalog, ObjectDef } from '#metadata'
import { actionFormulas } from '../actions/formulas.ts'
import { AUTOMATION_USER_ID } from '../actor.ts'
import { GONE } from '../source-fields.ts'

/**
 * Field history from before its rows said which field they are of: the name says it, where there is a field of this name still. What stays without is
 * for those who read everything.
 */
export async function noteHistorySources(database: Database, catalog: Catalog): Promise<void> {
  const object = catalog.objects.get('FieldHistory')!
  const column = (name: string): string => quote(object.field(name)!.column!)
  const [prefix, name, sources] = [`substr(${column('RecordId')}, 1, 3)`, column('Field'), column('SourceFields')]
  const p = (n: number): string => placeholders(database.dialect, 1, n)
  await database.transaction(async (tx) => {
    const open = await tx.all<{ prefix: string; name: string }>(
      `SELECT DISTINCT ${prefix} AS prefix, ${name} AS name FROM ${quote(object.table)} WHERE ${sources} IS NULL`,
    )
    for (const each of open) {
      const field = catalog.objectByKeyPrefix(each.prefix)?.field(each.name)
      if (field)
        await tx.run(
          `UPDATE ${quote(object.table)} SET ${sources} = ${p(1)} WHERE ${sources} IS NULL AND ${prefix} = ${p(2)} AND ${name} = ${p(3)}`,
          [JSON.stringify([field.id]), each.prefix, each.name],
        )
    }
  })
}

/**
 * Tasks, posts and the like that actions made before such rows said what they are made of. What the action was then is not known, so each counts as made
 * of every field of the record that it is about, and of what that object's actions name today.
 */
export async function noteActionSources(database: Database, catalog: Catalog): Promise<void> {
  const quoting = [...catalog.objects.values()].filter((object) => object.quotes && !object.platform)
  await database.transaction(async (tx) => {
    for (const object of quoting) await noteRows(tx, catalog, object)
  })
}

async function noteRows(tx: Transaction, catalog: Catalog, object: ObjectDef): Promise<void> {
  const column = (name: string): string => quote(object.field(name)!.column!)
  const about = object.accessFrom ?? object.field('WhatId')
  const prefix = about ? `substr(coalesce(${column(about.name)}, ''), 1, 3)` : `''`
  const p = (n: number): string => placeholders(tx.dialect, 1, n)
  const unnoted = (n: number): string => `${column('SourceFields')} IS NULL AND ${column('CreatedById')} = ${p(n)}`
  const open = await tx.all<{ prefix: string }>(
    `SELECT DISTINCT ${prefix} AS prefix FROM ${quote(object.table)} WHERE ${unnoted(1)}`,
    [AUTOMATION_USER_ID],
  )
  for (const each of open)
    await tx.run(
      `UPDATE ${quote(object.table)} SET ${column('SourceFields')} = ${p(1)} WHERE ${unnoted(2)} AND ${prefix} = ${p(3)}`,
      [JSON.stringify(possibleSources(catalog, object, each.prefix)), AUTOMATION_USER_ID, each.prefix],
    )
}

function possibleSources(catalog: Catalog, made: ObjectDef, prefix: string): readonly string[] {
  const about = catalog.objectByKeyPrefix(prefix)
  if (!about) return [GONE]
  const actions = [...catalog.actions.values()].filter((a) => a.object === about.name && madeBy(a) === made.name)
  const named = actions.flatMap((action) => actionFormulas(catalog, action).sources)
  return [...new Set([...about.fields.map(({ id }) => id), ...named])]
}

/** Name of the object whose records an action makes. */
function madeBy(action: ActionDocument): string | undefined {
  if (action.type === 'CreateRecord') return action.create
  return action.type === 'Task' ? 'Task' : action.type === 'FeedPost' ? 'FeedItem' : undefined
}
