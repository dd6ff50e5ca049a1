export interface Cell {
  readonly row: number
  readonly column: number
}

/** Where a key leads in a grid whose header is row −1; undefined = not a key of the grid. */
export function nextCell(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  { row, column }: Cell,
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): Cell | undefined {
  const far = event.ctrlKey || event.metaKey
  const lastRow = size.rows - 1
  const lastColumn = size.columns - 1
  const moves: { readonly [key: string]: Cell } = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    j: { row: row + 1, column },
    k: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + size.page, column },
    PageUp: { row: row - size.page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? lastRow : row, column: lastColumn },
  }
  const to = (far && ['j', 'k'].includes(event.key)) ? undefined : moves[event.key] // prettier-ignore
  if (!to) return undefined
  // The header has no selection cell to stand on.
  const cell = { row: Math.max(-1, Math.min(lastRow, to.row)), column: Math.max(0, Math.min(lastColumn, to.column)) }
  return cell.row === -1 && cell.column === 0 ? { row: -1, column: 1 } : cell
}
