/** What decided a promise and what fulfilled it: in the words of labels for everybody, and by names and formulas for those who look closer. */
import { type CompiledFormula, conditionsOf } from '#formula'
import { itemOf } from '../step/draft.ts'
import type { Completion, Instance, Rules, Watch } from '../types.ts'
import type { Reader } from './reader.ts'

const FORMULA = /\b(?!TODAY\(\)|NOW\(\))[A-Z]\w*\(/
const FURTHER = 'a further condition holds'

/** `Priority is High and Closed is not checked`; what can only be said as a formula is a further condition. */
export function conditionWords(formula: CompiledFormula): string {
  const texts = conditionsOf(formula).map(({ text }) => (FORMULA.test(text) ? FURTHER : text))
  const plain = texts.filter((text) => text !== FURTHER)
  return (plain.length < texts.length ? [...plain, FURTHER] : plain).join(' and ')
}

/** `Promised by *Care*, version 1, where Priority is High; started with the process.` */
export function promiseLine(rules: Rules, i: Instance, reader: Reader): string {
  const { label, version } = rules.process(i.version)?.document ?? { label: i.version, version: undefined }
  const when = criteriaOf(rules, i, reader)
  const numbers = [version && `version ${version}`, i.run > 1 && `run ${i.run}`, i.cycle > 1 && `cycle ${i.cycle}`]
  const which = numbers.filter(Boolean).map((number) => `, ${number}`).join('') // prettier-ignore
  const start = i.fromProcess ? 'with the process' : i.byHand ? 'by an action' : 'when its criteria were met'
  return `Promised by *${label}*${which}${when ? `, where ${conditionWords(when)}` : ''}; started ${start}.`
}

export const criteriaOf = (rules: Rules, i: Instance, { sees }: Reader): CompiledFormula | undefined => {
  const when = itemOf(rules, i)?.when
  return when && sees(rules.process(i.version)!.document.object, when) ? when : undefined
}

/** `hand (U1)`, `the process's exit`, `its rule (Closed is checked)`, `its rule on Case Comment (Published is checked)`. */
export function completedBy(rules: Rules, i: Instance, { by, what }: Completion, reader: Reader): string {
  if (by === 'exit') return "the process's exit"
  if (by === 'hand') return what ? `hand (${what})` : 'hand'
  const rule = ruleOf(rules, i, what)
  if (!rule || !reader.sees(rule.object, rule.when)) return 'its rule'
  return `its rule${by === 'related' ? ` on ${reader.labelOf(rule.object)}` : ''} (${conditionWords(rule.when)})`
}

/** The completion rule that `rule 1`, on the record, or `rule 2 on CaseComment (00a…)` names. */
function ruleOf(rules: Rules, i: Instance, what = ''): Pick<Watch, 'object' | 'when'> | undefined {
  const process = rules.process(i.version)
  const own = itemOf(rules, i)?.completion.find((rule) => rule.name === what)
  return process && own
    ? { object: process.document.object, when: own.when }
    : process?.watches.find((watch) => watch.item === i.item && what.replace(/ \(.*\)$/, '') === watch.rule)
}

/** One sentence a line: `Item resolve of Care_v1 (criteria Flag), run 1, cycle 1.`, `Completed by rule 1 (IsClosed).` */
export function detailLines(rules: Rules, i: Instance, reader: Reader): string[] {
  const when = criteriaOf(rules, i, reader)
  const item = `Item ${i.item} of ${i.version}${when ? ` (criteria ${when.source})` : ''}, run ${i.run}, cycle ${i.cycle}.`
  const { by, what } = i.completion ?? {}
  if (what === undefined || by === 'hand') return [item]
  const rule = ruleOf(rules, i, what)
  return [item, `Completed by ${what}${rule && reader.sees(rule.object, rule.when) ? ` (${rule.when.source})` : ''}.`]
}
