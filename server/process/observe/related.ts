/** Completion rules on a related record, looked at once per save of it. */
import type { EvaluationContext } from '#formula'
import { type Finding, parseInstant, type Row } from '#util'
import type { CompiledProcess, Match } from '../types.ts'

/** `record` holds the watch's `paths`; give it as `prior` nothing: these rules may not ask what changed. */
export function observeRelated(
  process: CompiledProcess,
  object: string,
  record: Row,
  context: Pick<EvaluationContext, 'now' | 'timeZone' | 'calendar' | 'lookup'>,
): { matches: Match[]; findings: Finding[] } {
  const matches: Match[] = []
  const findings: Finding[] = []
  for (const watch of process.watches.filter((w) => w.object === object)) {
    const result = watch.when.evaluate({ ...context, record, prior: record })
    if (!result.ok) findings.push({ ...result.finding, file: process.name, path: watch.item })
    else if (result.value === true)
      matches.push({
        item: watch.item,
        rule: watch.rule,
        at: parseInstant(String(record[watch.at])) ?? context.now,
        ...idOf(record),
      })
  }
  return { matches, findings }
}

const idOf = (record: Row): { record?: string } => (typeof record['Id'] === 'string' ? { record: record['Id'] } : {})
