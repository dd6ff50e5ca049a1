import type { FieldInfo } from '$lib/api/metadata.ts'
import { entryOf } from '$lib/fields/registry.ts'

const BUFFER = 8
const MOST = 60

/** Rows to have in the page for what is scrolled to: those in sight and a few more, never above 60. */
export function visibleRange(
  top: number,
  height: number,
  rowHeight: number,
  rows: number,
): { start: number; end: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - BUFFER)
  const count = Math.min(MOST, Math.ceil(height / rowHeight) + 2 * BUFFER)
  const start = Math.max(0, Math.min(first, rows - count))
  return { start, end: Math.min(rows, start + count) }
}

/** The least pixels of a column and its share of what is left. */
export interface Width {
  readonly least: number
  readonly share: number
}
const width = (least: number, share: number): Width => ({ least, share })

const WIDTHS: { readonly [cell: string]: Width } = {
  number: width(90, 0.6),
  checkbox: width(80, 0.4),
  lookup: width(120, 1.1),
  dateTime: width(158, 0.9),
  link: width(150, 1.2),
}

/** Room for the longest label in its badge. */
function picklistWidth({ picklist }: FieldInfo): Width {
  const longest = Math.max(0, ...(picklist?.values.map((v) => (v.label ?? v.value).length) ?? []))
  return width(Math.min(190, Math.max(108, 32 + 6.6 * longest)), 0.8)
}

/** A column's share of the width: its kind says how much its values need. */
export function columnWidth(field: FieldInfo, isName: boolean): Width {
  if (field.origin === 'process') return field.name === 'NextTargetDate' ? width(124, 0.7) : width(140, 0.9)
  if (isName) return field.type === 'AutoNumber' ? width(112, 0.6) : width(180, 1.8)
  if (entryOf(field).cell === 'picklist') return picklistWidth(field)
  return WIDTHS[entryOf(field).cell] ?? (field.type === 'Date' ? width(116, 0.8) : width(180, 2.2))
}

const BOX = 40
const PADDING = 20

/** One template for the header and all rows, and the width below which the grid scrolls sideways. */
export function gridTemplate(widths: readonly Width[]): { readonly template: string; readonly least: number } {
  const columns = widths.map((w) => `minmax(${w.least}px, ${w.share}fr)`)
  return { template: `${BOX}px ${columns.join(' ')}`, least: widths.reduce((sum, w) => sum + w.least, BOX + PADDING) }
}
