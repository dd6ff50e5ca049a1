/** Filters and sorts that are kept in documents, by the rules of a query. What they name is not looked at here: that is what slots are for. */
import type { Finding } from '#util'
import type { Catalog, FieldDef, ObjectDef } from '../catalog.ts'
import { walk } from '../formula-scope.ts'
import type { Path } from '../kinds/kind.ts'
import { isJoin } from '../names.ts'
import { jsonPath, type Report } from '../report.ts'
import { FILTER_LIMITS, RELATIVE_COUNTS } from './operators.ts'
import { operatorFindings, sortFindings, TOO_COMPLEX } from './refusals.ts'
import { valueProblem } from './values.ts'

interface Walk {
  readonly catalog: Catalog
  readonly report: Report
  conditions: number
  tooComplex: boolean
}
type Tree = { readonly [key: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A `where` in JSON. */
export function checkFilter(catalog: Catalog, object: ObjectDef, where: unknown, at: Path, report: Report): void {
  checkWhere({ catalog, report, conditions: 0, tooComplex: false }, object, where, at, 0)
}

function checkWhere(walked: Walk, object: ObjectDef, where: unknown, at: Path, depth: number): void {
  if (!isTree(where)) return refuse(walked, at, 'A condition is an object such as {"Priority": {"eq": "High"}}.')
  const entries = Object.entries(where).filter(([, value]) => value !== null)
  const inner = entries.length > 1 ? depth + 1 : depth
  walked.conditions += entries.length
  if (walked.conditions > FILTER_LIMITS.conditions || inner > FILTER_LIMITS.depth) return tooComplex(walked, at)
  for (const [key, value] of entries) checkCondition(walked, object, key, value, [...at, key], inner)
}

function tooComplex(walked: Walk, at: Path): void {
  if (!walked.tooComplex) walked.report({ ...TOO_COMPLEX, path: jsonPath(at) })
  walked.tooComplex = true
}

function checkCondition(walked: Walk, object: ObjectDef, key: string, value: unknown, at: Path, depth: number): void {
  if (isJoin(key)) return checkJoined(walked, object, key, value, at, depth + 1)
  const field = object.field(key)
  const parent = field ? undefined : object.parent(key)?.reference
  const name = field?.name ?? parent?.relationshipName ?? key
  if (name !== key) return refuse(walked, at, `${key} is written ${name}.`, 'Mind the letter case: a query does.')
  if (field) return checkComparisons(walked, field, value, at)
  if (parent) return checkParent(walked, parent, value, at, depth + 1)
  const child = walked.catalog.object(object.children.get(key)?.object ?? '')
  if (child) checkChildren(walked, child, value, at, depth + 1)
}

const QUANTIFIERS: readonly string[] = ['some', 'every', 'none']

function checkJoined(walked: Walk, object: ObjectDef, key: string, value: unknown, at: Path, depth: number): void {
  if (key === 'not' || !Array.isArray(value)) return checkWhere(walked, object, value, at, depth)
  for (const [i, item] of value.entries()) checkWhere(walked, object, item, [...at, i], depth)
}

function checkChildren(walked: Walk, child: ObjectDef, value: unknown, at: Path, depth: number): void {
  eachOf(walked, value, at, (quantifier, inner, here) => {
    if (!QUANTIFIERS.includes(quantifier))
      refuse(walked, here, `There is no ${quantifier} of a list.`, `Use ${QUANTIFIERS.join(', ')}.`) // prettier-ignore
    else if (inner !== null) checkWhere(walked, child, inner, here, depth)
  })
}

type Reference = NonNullable<FieldDef['reference']>

function checkParent(walked: Walk, { polymorphic, any, to }: Reference, value: unknown, at: Path, depth: number): void {
  if (!polymorphic) return checkWhere(walked, walked.catalog.object(to[0]!)!, value, at, depth)
  eachOf(walked, value, at, (name, inner, here) => {
    const target = any || to.includes(name) ? walked.catalog.objects.get(name) : undefined
    if (target && inner !== null) checkWhere(walked, target, inner, here, depth)
    if (!target) refuse(walked, here, `It leads to no object ${name}.`, any ? undefined : `Use ${to.join(', ')}.`)
  })
}

function checkComparisons(walked: Walk, field: FieldDef, value: unknown, at: Path): void {
  eachOf(walked, value, at, (operator, operand, here) => {
    const counted = RELATIVE_COUNTS.includes(operator)
    const findings = operatorFindings(field, counted ? 'relative' : operator)
    for (const finding of findings) walked.report({ ...finding, path: jsonPath(here) })
    const problem = findings.length > 0 || mayBeNull(operator, operand) ? undefined : valueProblem(field, operator, operand) // prettier-ignore
    if (problem !== undefined) refuse(walked, here, problem, 'Correct the value, or take the condition out.')
  })
}

/** Blanks are looked for; a period that is null is none. */
const mayBeNull = (operator: string, operand: unknown): boolean =>
  operand === null && (operator === 'eq' || operator === 'ne' || operator === 'relative' || RELATIVE_COUNTS.includes(operator)) // prettier-ignore

/** Each key of what must be an object. */
function eachOf(walked: Walk, value: unknown, at: Path, check: (key: string, inner: unknown, at: Path) => void): void {
  if (!isTree(value)) return refuse(walked, at, `${at.at(-1)} needs an object here, such as {"eq": "High"}.`)
  for (const [key, inner] of Object.entries(value)) check(key, inner, [...at, key])
}

const refuse = (walked: Walk, at: Path, message: string, hint?: string): void =>
  walked.report({ code: 'BAD_FILTER', path: jsonPath(at), message, hint: hint ?? 'Write it as a query’s `where`.' })

/** A field, or a path of parents and a field, to sort by. */
export function checkSort(catalog: Catalog, object: ObjectDef, path: string, at: Path, report: Report): void {
  const segments = path.split('.')
  const field = walk(catalog, object, segments.slice(0, -1))?.object.field(segments.at(-1)!)
  const findings: Finding[] = field ? sortFindings(field, path) : []
  for (const finding of findings) report({ ...finding, path: jsonPath(at) })
}
