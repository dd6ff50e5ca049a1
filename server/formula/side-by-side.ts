/** Two words side by side: a field's label where its name belongs, or a function without parentheses. Said in place of what the parser and the check make of them. */
import type { Finding } from '#util'
import type { Span } from './ast.ts'
import { functionNamed } from './functions/index.ts'
import type { Token } from './lexer.ts'
import { formulaError, syntaxError } from './messages.ts'
import type { Parsed } from './parser.ts'
import type { Scope } from './types.ts'

export function explainSideBySide({ tokens, findings }: Parsed, scope: Scope, all: readonly Finding[]): Finding[] {
  const starts = new Set(findings.flatMap(({ code, at }) => (code === 'SYNTAX' && at ? [at.start] : [])))
  const found = tokens.flatMap((token, i) => {
    const first = tokens[i - 1]
    if (first?.kind !== 'name' || !starts.has(token.at.start)) return []
    return labelFinding(tokens, i, scope) ?? functionFinding(first, token, scope) ?? []
  })
  const covers = ({ at }: { readonly at: Span }, finding: Finding): boolean =>
    finding.at !== undefined && finding.at.start >= at.start && finding.at.start < at.end
  const others = all.filter((finding) => !found.some((one) => covers(one, finding)))
  return [...found.map((one) => one.finding), ...others]
}

interface Found {
  /** What else is said of this part is left out. */
  readonly at: Span
  readonly finding: Finding
}

/** `Due Date` for `Due_Date__c`, also behind `Account.`; the longest label that the words begin with. */
function labelFinding(tokens: readonly Token[], second: number, scope: Scope): Found | undefined {
  const first = tokens[second - 1]!
  const way = first.text.split('.').slice(0, -1)
  const fields = scope.complete(way).filter((field) => field.type !== 'Relationship' && field.label)
  for (let end = wordsEnd(tokens, second); end > second; end--) {
    const words = tokens.slice(second - 1, end).map(({ text }) => text).join(' ') // prettier-ignore
    const label = words.slice(words.lastIndexOf('.', first.text.length) + 1)
    const field = fields.find((one) => one.label!.toLowerCase() === label.toLowerCase())
    if (!field) continue
    const at = { start: first.at.start, end: tokens[end - 1]!.at.end }
    const name = [...way, field.name].join('.')
    return { at, finding: formulaError('UNKNOWN_FIELD', `${label} is the label of a field whose name is ${field.name}.`, at, `Write ${name}.`) } // prettier-ignore
  }
  return undefined
}

const MOST_WORDS = 12

function wordsEnd(tokens: readonly Token[], from: number): number {
  let end = from
  while (end - from < MOST_WORDS && (tokens[end]?.kind === 'name' || tokens[end]?.kind === 'number')) end++
  return end
}

/** `IF x THEN`. */
function functionFinding(first: Token, second: Token, scope: Scope): Found | undefined {
  const name = first.text.toUpperCase()
  const def = scope.resolve([first.text]) ? undefined : functionNamed(name)
  if (!def) return undefined
  const at = { start: first.at.start, end: second.at.end }
  return { at, finding: syntaxError(`${name} stands without its parentheses.`, first.at, `Write ${def.signature}.`) }
}
