import { formatInstant } from '#util'
import type { Value } from '#util'
import { literalDefault } from '#metadata'
import type { FieldDef } from '#metadata'
import { evaluationContext } from './formula-context.ts'
import { changed, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Step 2: system values and default values of what the caller left out. */
export function applyDefaults(run: Run, draft: Draft): void {
  if (draft.operation !== 'create') return
  for (const field of draft.object.fields) {
    if (field.storage === 'none' || draft.changes[field.name] !== undefined) continue
    const value = systemValue(run, draft, field) ?? literalDefault(field)
    if (value !== undefined) draft.changes[field.name] = value
  }
}

/** Step 3: default formulas; they see the default values and the parents. A name made of other fields follows them, unless the caller gives one. */
export function applyDefaultFormulas(run: Run, draft: Draft): void {
  for (const field of draft.object.fields)
    if (field.defaultFormula && draft.changes[field.name] === undefined && isDue(draft, field))
      applyDefaultFormula(run, draft, field)
}

function isDue(draft: Draft, field: FieldDef): boolean {
  if (draft.operation === 'create') return true
  return (
    draft.operation === 'update' &&
    field === draft.object.nameField &&
    field.defaultFormula!.paths.some((path) => changed(draft, path))
  )
}

function applyDefaultFormula(run: Run, draft: Draft, field: FieldDef): void {
  const result = field.defaultFormula!.evaluate(evaluationContext(run, draft))
  if (result.ok) draft.changes[field.name] = result.value
  else
    fail(
      draft,
      'DEFAULT_FORMULA',
      `The default of ${field.label} can't be worked out: ${result.finding.message}`,
      field.name,
    )
}

function systemValue(run: Run, draft: Draft, field: FieldDef): Value | undefined {
  switch (field.name) {
    case 'Id':
      return draft.id
    case 'Version':
      return 1
    case 'IsDeleted':
      return false
    case 'OwnerId':
    case 'CreatedById':
      return draft.actor.userId
    case 'LastModifiedById':
      return draft.changes.CreatedById ?? draft.actor.userId
    case 'CreatedDate':
      return formatInstant(run.now)
    case 'LastModifiedDate':
      return draft.changes.CreatedDate ?? formatInstant(run.now)
    default:
      return undefined
  }
}
