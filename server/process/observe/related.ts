/** Completion rules on a related record, looked at once per save of it. */
import type { CompiledFormula, EvaluationContext } from '#formula'
import { type Finding, type Instant, parseInstant, type Row, type Value } from '#util'
import type { CompiledProcess, Match, Watch } from '../types.ts'

type Around = Pick<EvaluationContext, 'now' | 'timeZone' | 'calendar' | 'lookup'>

/**
 * Rules that this save made true. `record` holds the watch's `paths`; so does `prior`, the record before the save: absent when it is new, or was not
 * this record's until now.
 */
export function observeRelated(
  process: CompiledProcess,
  object: string,
  record: Row,
  prior: Row | undefined,
  context: Around,
): { matches: Match[]; findings: Finding[] } {
  const matches: Match[] = []
  const findings: Finding[] = []
  const ask = ({ item }: Watch, formula: CompiledFormula, row: Row): Value => {
    const result = formula.evaluate({ ...context, record: row, prior: row })
    if (result.ok) return result.value
    findings.push({ ...result.finding, file: process.name, path: item })
    return null
  }
  for (const watch of process.watches.filter((w) => w.object === object)) {
    if (ask(watch, watch.when, record) !== true || (prior && ask(watch, watch.when, prior) === true)) continue
    const at = (watch.at && instantIn(ask(watch, watch.at, record))) ?? context.now
    matches.push({ item: watch.item, rule: watch.rule, at, ...idOf(record) })
  }
  return { matches, findings }
}

/** The instant that a formula gives; undefined when it is blank. */
export const instantIn = (value: Value): Instant | undefined =>
  typeof value === 'string' ? parseInstant(value) : undefined

const idOf = (record: Row): { record?: string } => (typeof record['Id'] === 'string' ? { record: record['Id'] } : {})
