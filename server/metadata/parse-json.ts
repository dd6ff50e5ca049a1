/** JSON.parse whose problem names the line and column, in the same words on every engine. */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown }
  } catch (error) {
    return { problem: describe(text, error instanceof Error ? error.message : String(error)) }
  }
}

function describe(text: string, message: string): string {
  const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length)
  const before = text.slice(0, at).split('\n')
  const found = text[at]
  const what =
    found === undefined ? 'it ends too early' : found === '\n' ? 'unexpected end of line' : `unexpected ${found}`
  return `${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
