/** Documents answered once without an error, by who asks and their exact text. Counted in bytes of text. */
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import { Recent } from './recent.ts'
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
  readonly #known = new Recent<KnownDocument>(MAX_BYTES)

  static key = (permissions: string, query: string, operationName: string | null | undefined): string =>
    `${permissions}\n${operationName ?? ''}\n${query}`

  get(key: string): KnownDocument | undefined {
    return this.#known.get(key)
  }

  set(key: string, known: KnownDocument): void {
    if (!this.#known.get(key)) this.#known.set(key, known, key.length * OVERHEAD)
  }

  clear(): void {
    this.#known.clear()
  }
}
