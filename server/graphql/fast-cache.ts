/** Documents answered once without an error, by who asks and their exact text. Least recently used ones go first; counted in bytes of text. */
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import type { LazySchema } from './schema/lazy-schema.ts'

export interface KnownDocument {
  readonly schema: LazySchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

const MAX_BYTES = 16_000_000
/** What a parsed document and its plans weigh beside its text, roughly. */
const OVERHEAD = 20

export class FastCache {
  #entries = new Map<string, KnownDocument>()
  #bytes = 0

  static key = (permissions: string, query: string, operationName: string | null | undefined): string =>
    `${permissions}\n${operationName ?? ''}\n${query}`

  get(key: string): KnownDocument | undefined {
    const found = this.#entries.get(key)
    if (found) {
      // Back to the young end.
      this.#entries.delete(key)
      this.#entries.set(key, found)
    }
    return found
  }

  set(key: string, known: KnownDocument): void {
    if (this.#entries.has(key)) return
    this.#entries.set(key, known)
    this.#bytes += key.length * OVERHEAD
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= MAX_BYTES) return
      this.#entries.delete(oldest)
      this.#bytes -= oldest.length * OVERHEAD
    }
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }
}
