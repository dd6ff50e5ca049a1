import { readRowDocument } from '$lib/api/documents.ts'
import { messageOf } from '$lib/api/errors.ts'
import type { ObjectDetail } from '$lib/api/metadata.ts'
import { toasts } from '$lib/state/toasts.svelte.ts'
import { downloadJson } from '$lib/ui/download.ts'

/** A row of set-up as the document that deploys it elsewhere. */
export async function downloadRow(object: ObjectDetail, id: string): Promise<void> {
  try {
    const document = await readRowDocument(object, id)
    if (document) return downloadJson(document.name, document)
    toasts.error(`Another ${object.label} has the same name. Give this one an API name, then download it.`)
  } catch (error) {
    toasts.error(messageOf(error))
  }
}
