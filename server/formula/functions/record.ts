import type { Row, Value } from '#util'
import { typeWords } from '../messages.ts'
import { Num } from '../numbers.ts'
import type { Closure, Runtime } from '../runtime.ts'
import type { Typed, TypedField } from '../typed.ts'
import type { EvaluationContext } from '../types.ts'
import type { CallCheck, FunctionDef } from './define.ts'

/** ISCHANGED and PRIORVALUE look at one field of the record before the save, not at something worked out. */
function needsField(call: CallCheck): boolean {
  const arg = call.args[0]!
  if (arg.kind === 'field') return true
  call.report(
    'FIELD_NEEDED',
    `${call.name} needs a field, not ${typeWords(arg.type)} worked out here.`,
    arg.at,
    `Write ${call.name}(…) around the field's name alone.`,
  )
  return false
}

const before = (context: EvaluationContext, prior: Row): EvaluationContext => ({
  ...context,
  record: prior,
  prior: undefined,
})

function changed(field: TypedField, path: string, value: Closure): Closure {
  if (field.sub) return (c) => c.prior !== undefined && !sameRuntime(value(c), value(before(c, c.prior)))
  return (c) => c.prior !== undefined && !sameValue(c.record[path], c.prior[path], field)
}

const sameRuntime = (a: Runtime, b: Runtime): boolean =>
  a instanceof Num && b instanceof Num ? a.eq(b) : JSON.stringify(a) === JSON.stringify(b)

function sameValue(a: Value | undefined, b: Value | undefined, field: TypedField): boolean {
  if (a === b) return true
  const [x, y] = [blankless(a), blankless(b)]
  if (x === null || y === null) return x === y || (field.type === 'Boolean' && (x ?? false) === (y ?? false))
  if (field.type === 'Number') return String(x) === String(y) || new Num(String(x)).eq(String(y))
  return typeof x === 'object' && JSON.stringify(x) === JSON.stringify(y)
}

const blankless = (value: Value | undefined): Value =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value

export const record: readonly FunctionDef[] = [
  {
    name: 'ISNEW',
    group: 'Record',
    signature: 'ISNEW()',
    summary: 'True while the record is being created.',
    min: 0,
    max: 0,
    varying: true,
    check: () => ({ type: 'Boolean', nullable: false }),
    closure: () => (c) => c.prior === undefined,
    noSql: 'it asks about a save, and a stored record is not being saved',
  },
  {
    name: 'ISCLONE',
    group: 'Record',
    signature: 'ISCLONE()',
    summary: 'True while the record is being created as a copy of another.',
    min: 0,
    max: 0,
    varying: true,
    check: () => ({ type: 'Boolean', nullable: false }),
    closure: () => (c) => c.isClone === true,
    noSql: 'it asks about a save, and a stored record is not being saved',
  },
  {
    name: 'ISCHANGED',
    group: 'Record',
    signature: 'ISCHANGED(field)',
    summary: 'True when this save changes the field. False while the record is being created.',
    min: 1,
    max: 1,
    varying: true,
    check: (call) => (needsField(call) ? { type: 'Boolean', nullable: false } : undefined),
    closure: (call, build) => {
      const field = call.args[0] as TypedField
      return changed(field, build.path(field), build(field))
    },
    noSql: 'it asks about a save, and a stored record is not being saved',
  },
  {
    name: 'PRIORVALUE',
    group: 'Record',
    signature: 'PRIORVALUE(field)',
    summary: "The field's value before this save; its present value while the record is being created.",
    min: 1,
    max: 1,
    varying: true,
    check: (call) =>
      needsField(call) ? { type: (call.args[0] as Typed).type, nullable: call.args[0]!.nullable } : undefined,
    closure: (call, build) => {
      const value = build(call.args[0]!)
      return (c) => value(c.prior === undefined ? c : before(c, c.prior))
    },
    noSql: 'it asks about a save, and a stored record is not being saved',
  },
]
