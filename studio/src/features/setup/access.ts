/** What permission sets give on something that is about to be made. */
import type { SelectRow } from './SelectRows.svelte'

export interface PermissionSetDocument {
  readonly kind: 'PermissionSet'
  readonly name: string
  readonly label: string
  readonly modifyAll?: boolean
  readonly viewAll?: boolean
  readonly objects?: { readonly [object: string]: ObjectGrant }
}
export interface ObjectGrant {
  readonly create?: boolean
  readonly read?: boolean
  readonly edit?: boolean
  readonly fields?: { readonly [field: string]: 'read' | 'edit' }
}
export type Access = 'none' | 'read' | 'edit'
/** By permission set. */
export type Accesses = { [permissionSet: string]: Access }

/** A line for each set; `words` for each access that it can give. */
export const accessRows = (
  sets: readonly PermissionSetDocument[],
  accesses: Accesses,
  words: { readonly [access in Access]?: string },
): SelectRow[] =>
  sets.map(({ name, label, modifyAll, viewAll }) => ({
    label,
    name: `Access of ${label}`,
    ...(modifyAll || viewAll ? { note: modifyAll ? 'Edits everything' : 'Sees everything' } : {}),
    value: offered(accesses[name] ?? 'none', words),
    choices: Object.entries(words).map(([key, words]) => ({ key, label: words })),
    onchoose: (key) => (accesses[name] = key as Access),
  }))

const offered = (access: Access, words: { readonly [access in Access]?: string }): Access =>
  access === 'edit' && !words.edit ? 'read' : access

/** The sets that give something, with what they give on the object. */
export const granting = (
  sets: readonly PermissionSetDocument[],
  accesses: Accesses,
  object: string,
  grant: (access: 'read' | 'edit', present: ObjectGrant) => ObjectGrant,
) =>
  sets.flatMap((set) => {
    const access = accesses[set.name] ?? 'none'
    if (access === 'none') return []
    const objects = { ...set.objects, [object]: grant(access, set.objects?.[object] ?? {}) }
    return [{ kind: set.kind, name: set.name, document: { ...set, objects } }]
  })
