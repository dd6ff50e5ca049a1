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

const WIDTHS: { readonly [cell: string]: string } = {
  number: 'minmax(90px, 0.6fr)',
  checkbox: 'minmax(80px, 0.5fr)',
  picklist: 'minmax(120px, 0.9fr)',
  lookup: 'minmax(140px, 1.1fr)',
  dateTime: 'minmax(160px, 1fr)',
  link: 'minmax(160px, 1.2fr)',
}

/** A column's share of the width: its kind says how much its values need. */
export function columnWidth(field: FieldInfo, isName: boolean): string {
  if (field.origin === 'process')
    return field.name === 'NextTargetDate' ? 'minmax(120px, 0.8fr)' : 'minmax(140px, 0.9fr)'
  if (isName) return field.type === 'AutoNumber' ? 'minmax(110px, 0.7fr)' : 'minmax(190px, 1.8fr)'
  return WIDTHS[entryOf(field).cell] ?? (field.type === 'Date' ? 'minmax(120px, 0.8fr)' : 'minmax(180px, 2fr)')
}
