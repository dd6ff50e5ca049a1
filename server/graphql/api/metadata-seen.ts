/** Documents as the caller may see them: without the fields that they may not read, and without texts that name such fields and their values. */
import type { CompiledFormula } from '#formula'
import {
  fieldsNamed,
  queryFindingsOf,
  type Catalog,
  type FieldDef,
  type LayoutDocument,
  type ListViewDocument,
  type ObjectDef,
} from '#metadata'
import { maySeeSetUp, readableChildren, readableParent, seesFields, seesPaths, type AccessContext } from '#records'

/** Formulas and filters of a field: for those who may read everything that they name, or set-up. */
export function sourcesOf(
  access: AccessContext,
  object: ObjectDef,
  { document, formula, defaultFormula, rollup }: FieldDef,
) {
  const all = maySeeSetUp(access.permissions)
  const text = (of: CompiledFormula | undefined): string | undefined =>
    of && (all || seesPaths(access, object.name, of.analysis.references.map(({ path }) => path))) ? of.source : undefined // prettier-ignore
  const counted = all || !document || seesFields(access, fieldsNamed(access.catalog, document, 'rollup'))
  return { formula: text(formula), defaultFormula: text(defaultFormula), rollup: counted ? rollup : undefined }
}

/** A field, or a path of parents and a field, each of them readable; a reference to several objects needs one that has it. */
const canSee =
  (access: AccessContext, object: ObjectDef) =>
  (path: string): boolean => {
    const [head = '', ...rest] = path.split('.')
    if (rest.length === 0) return access.permissions.object(object.name).canRead(head)
    const [relationship = '', picked] = head.split(':')
    const targets = readableParent(access, object, relationship)?.objects ?? []
    return targets
      .filter((name) => name === (picked ?? name))
      .some((name) => canSee(access, access.catalog.objects.get(name)!)(rest.join('.')))
  }

export function seenLayout(
  access: AccessContext,
  object: ObjectDef,
  { name, label, highlights, ...layout }: LayoutDocument,
) {
  const visible = canSee(access, object)
  return {
    name,
    label,
    highlights: (highlights ?? []).filter(visible),
    sections: layout.sections
      .map((section) => ({ ...section, fields: section.fields.filter(visible) }))
      .filter((section) => section.fields.length),
    relatedLists: (layout.relatedLists ?? []).flatMap((list) => seenRelatedList(access, object, list)),
  }
}

type RelatedList = NonNullable<LayoutDocument['relatedLists']>[number]

function seenRelatedList(access: AccessContext, object: ObjectDef, { sort, ...list }: RelatedList): RelatedList[] {
  const child = readableChildren(access, object, list.relationship)?.object
  if (!child) return []
  const visible = canSee(access, child)
  const sorted = sort !== undefined && visible(sort.replace(/^-/, ''))
  return [{ ...list, fields: list.fields.filter(visible), ...(sorted && { sort }) }]
}

/** Why a query with the view's filter would be refused: one that an earlier release took. */
function filterProblem(catalog: Catalog, view: ListViewDocument): string | undefined {
  const found = queryFindingsOf(catalog, view).find(({ path }) => path?.startsWith('filter'))
  return found && `${found.path}: ${found.message} ${found.hint ?? ''}`.trim()
}

/** A view that filters by a field the caller may not read is not theirs to use. */
export function seenListView(access: AccessContext, object: ObjectDef, view: ListViewDocument) {
  if (!seesFields(access, fieldsNamed(access.catalog, view, 'filter'))) return []
  const visible = canSee(access, object)
  return [
    {
      ...view,
      columns: view.columns.filter(visible),
      sort: (view.sort ?? []).filter((order) => visible(order.field)),
      mine: view.mine ?? false,
      problem: filterProblem(access.catalog, view),
    },
  ]
}
