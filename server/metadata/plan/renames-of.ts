import type { Catalog } from '../catalog.ts'
import type { Document, FieldDocument } from '../documents.ts'
import { defaultRelationshipName, splitName } from '../names.ts'
import { processFields } from '../process-fields.ts'
import { thing } from './mentions.ts'
import type { Renames } from './rename.ts'
import type { Resolved } from './resolve.ts'

/** All new names that a set of changes brings, or undefined when it brings none. */
export function renamesOf(current: Catalog, resolved: readonly Resolved[]): Renames | undefined {
  const renames = {
    names: new Map<string, string>(),
    parents: new Map<string, string>(),
    children: new Map<string, string>(),
  }
  for (const { before, after } of resolved) {
    if (!before || !after) continue
    if (before.name !== after.name) renames.names.set(thing(before.kind, before.name), simpleName(after))
    if (before.kind === 'Field' && after.kind === 'Field') relationshipRenames(before, after, renames)
    if (before.kind === 'Object' && before.name !== after.name) processListRename(current, before.name, after, renames)
  }
  return renames.names.size + renames.parents.size + renames.children.size > 0 ? renames : undefined
}

/** How others write it: a field without its object. */
const simpleName = (document: Document): string =>
  document.kind === 'Field' ? splitName(document.name)[1] : document.name

type Maps = { readonly parents: Map<string, string>; readonly children: Map<string, string> }

function relationshipRenames(before: FieldDocument, after: FieldDocument, { parents, children }: Maps): void {
  const [old, next] = [parentName(before), parentName(after)]
  if (old !== next && next !== undefined) parents.set(before.name, next)
  const { childRelationshipName: list } = after
  if (before.childRelationshipName !== undefined && list !== undefined && list !== before.childRelationshipName)
    children.set(before.name, list)
}

const parentName = (field: FieldDocument): string | undefined =>
  field.referenceTo ? (field.relationshipName ?? defaultRelationshipName(splitName(field.name)[1])) : undefined

/** The list of records on Entitlement is named after the object. */
function processListRename(current: Catalog, oldName: string, after: Document, { children }: Maps): void {
  const object = current.object(oldName)
  if (!object?.enableProcesses || after.kind !== 'Object') return
  for (const field of processFields(after))
    if (field.childRelationshipName) children.set(`${oldName}.${field.name}`, field.childRelationshipName)
}
