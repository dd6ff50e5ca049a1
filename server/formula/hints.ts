import type { Typed } from './typed.ts'
import type { FormulaType, Scope } from './types.ts'

/** A text without its quotes; the object's own name in front. */
export function pathHint(segments: readonly string[], scope: Scope): string | undefined {
  const [head = '', ...rest] = segments
  if (rest.length === 0) return head.startsWith('$') ? undefined : `If it is a text, put it in quotes: "${head}".`
  const own = head.toLowerCase() === scope.name.toLowerCase() && scope.resolve(rest)
  return own ? `Write ${own.path} alone.` : undefined
}

/** What turns the result into what the place needs. */
export function resultHint(root: Typed, wanted: FormulaType, text: string): string | undefined {
  const day = dayHint(root, wanted, text)
  if (day) return day
  if (wanted === 'Boolean')
    return root.type === 'Picklist'
      ? 'Compare it, for example with ISPICKVAL.'
      : 'Compare it with something, for example with = or <>.'
  if (wanted === 'Text' && root.type === 'Boolean') return 'Use IF( … , "yes", "no").'
  if (wanted === 'Text' && root.type !== 'MultiselectPicklist' && root.type !== 'Geolocation')
    return 'Put TEXT( ) around it.'
  if (wanted === 'Date' && root.type === 'Text') return 'Put DATEVALUE( ) around it.'
  if (wanted === 'DateTime' && (root.type === 'Date' || root.type === 'Text')) return 'Put DATETIMEVALUE( ) around it.'
  return wanted === 'Number' && root.type === 'Text' ? 'Put VALUE( ) around it.' : undefined
}

/** `2024-01-01` and `2024/1/1` are sums. */
export function dayHint({ type }: Typed, wanted: FormulaType, text: string): string | undefined {
  const parts = type === 'Number' ? /^(\d{4}) ?([-/]) ?(\d{1,2}) ?\2 ?(\d{1,2})$/.exec(text) : undefined
  if (!parts || (wanted !== 'Date' && wanted !== 'DateTime')) return undefined
  const day = `DATE(${Number(parts[1])}, ${Number(parts[3])}, ${Number(parts[4])})`
  return `Write ${wanted === 'Date' ? day : `DATETIMEVALUE(${day})`}.`
}
