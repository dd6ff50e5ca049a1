import type { Finding } from '#util'

export function validateDocuments(
  _documents: readonly { readonly file?: string; readonly document: unknown }[],
): Finding[] {
  return []
}
