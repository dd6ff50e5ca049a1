import type { Actor } from '#records'
import type { Engine } from '../engine-types.ts'

/** Plans the undo of a version, agrees to what it loses, and applies it. */
export async function undo(engine: Pick<Engine, 'catalogs'>, actor: Actor, version: number) {
  const { planId, findings } = await engine.catalogs.planUndo(actor, version, { allowDestructive: true })
  return planId === '' ? { version, findings } : engine.catalogs.apply(actor, planId)
}
