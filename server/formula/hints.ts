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
export function resultHint(root: Typed, wanted: FormulaType): string | undefined {
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
