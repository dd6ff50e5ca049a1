/** Where a floating box of this size goes: below its anchor, else above; kept inside the window. */
export function placeBelow(
  anchor: DOMRect,
  box: { width: number; height: number },
  align: 'start' | 'end',
  gap = 4,
): { left: number; top: number } {
  const margin = 8
  const wanted = align === 'start' ? anchor.left : anchor.right - box.width
  const left = Math.max(margin, Math.min(wanted, innerWidth - box.width - margin))
  const below = anchor.bottom + gap
  const fitsBelow = below + box.height <= innerHeight - margin
  const top =
    fitsBelow || anchor.top < box.height + gap + margin
      ? Math.min(below, Math.max(margin, innerHeight - box.height - margin))
      : anchor.top - box.height - gap
  return { left, top }
}
