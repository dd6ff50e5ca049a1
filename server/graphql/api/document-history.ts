/** `metadata { documentHistory }`: what one document was before each change of it. */
import { changeHistory } from '#records'
import type { AnyDocument, AnyKind } from '#metadata'
import type { RequestContext } from '../context.ts'

export interface EarlierDocument {
  /** The change that replaced it. */
  readonly version: number
  readonly at: string
  /** Id of the user who made the change; "" = the platform. */
  readonly by: string
  /** null: there was none before. */
  readonly document: AnyDocument | null
}

interface Taken {
  readonly kind: AnyKind
  readonly name: string
  readonly document: AnyDocument | null
  readonly renameFrom?: string
}

const MOST_CHANGES = 500

/** Newest first; a document that was called otherwise is followed back under its earlier name. */
export async function documentHistory(
  context: RequestContext,
  { kind, name, first }: { kind: AnyKind; name: string; first: number },
): Promise<readonly EarlierDocument[]> {
  const found: EarlierDocument[] = []
  let called = name
  for (const { version, at, by, undo } of await changeHistory(context.services.engine.database, MOST_CHANGES)) {
    const taken = (Array.isArray(undo) ? (undo as unknown as readonly Taken[]) : []).find(
      (one) => one.kind === kind && (one.renameFrom ?? one.name) === called,
    )
    if (!taken) continue
    found.push({ version, at, by: by ?? '', document: taken.document })
    called = taken.name
  }
  return found.slice(0, Math.max(first, 1))
}
