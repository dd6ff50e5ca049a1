/** Resolvers of `metadata { … }`, metadataPlan, metadataUndoPlan and metadataApply. Those who aren't admins see only what they may use. */
import {
  formulaTypeOf,
  isSortable,
  namesInRows,
  operatorsOf,
  whereUsed,
  type AnyDocument,
  type AnyKind,
  type Catalog,
  type FieldDef,
  type ObjectDef,
} from '#metadata'
import { maySeeSetUp, type ObjectAccess, type Permissions } from '#records'
import type { DocumentChange, PlanView } from '#automation'
import type { RequestContext } from '../context.ts'
import { forbidden, userError } from '../errors.ts'
import { documentHistory } from './document-history.ts'
import { seenLayout, seenListView, sourcesOf } from './metadata-seen.ts'
import { publicHolidays } from './public-holidays.ts'

const NO_METADATA = 'Only an administrator may change metadata. Ask for the permission manageMetadata.'

export function metadataOf(context: RequestContext) {
  const { catalog } = context
  const { permissions } = context.actor
  const setUp = <T>(give: () => T): T => {
    if (!maySeeSetUp(permissions))
      throw forbidden('Only people with the permission viewSetup may read metadata documents.')
    return give()
  }
  const object = ({ name }: { name: string }) => {
    const found = catalog.object(name)
    return found && permissions.object(found.name).read ? objectView(catalog, permissions, found) : null
  }
  return {
    version: catalog.version,
    object,
    objects: () => [...catalog.objects.keys()].map((name) => object({ name })).filter((view) => view !== null),
    labels: () => catalog.labels(),
    documents: ({ kind, of }: { kind: AnyKind; of?: string }) =>
      setUp(async () =>
        (await documentsOf(context, kind))
          .filter((document) => !of || objectOf(document) === of)
          .map((document) => ({ kind, name: document.name, document })),
      ),
    document: ({ kind, name }: { kind: AnyKind; name: string }) =>
      setUp(async () => (await documentsOf(context, kind)).find((document) => document.name === name) ?? null),
    whereUsed: ({ kind, name }: { kind: AnyKind; name: string }) =>
      setUp(() => (kind === 'Row' ? [] : whereUsed(catalog, kind, name))),
    documentHistory: (args: Parameters<typeof documentHistory>[1]) => setUp(() => documentHistory(context, args)),
    publicHolidays: (args: Parameters<typeof publicHolidays>[1]) => setUp(() => publicHolidays(context, args)),
    history: ({ first }: { first: number }) =>
      setUp(() => context.services.engine.catalogs.history(Math.min(Math.max(first, 1), 500))),
  }
}

/** Those of a kind: of set-up rows what their tables hold, of all others what the catalog does. */
async function documentsOf(context: RequestContext, kind: AnyKind): Promise<readonly AnyDocument[]> {
  if (kind !== 'Row') return [...(context.catalog.documents.get(kind)?.values() ?? [])]
  return (await context.services.engine.catalogs.rows()).map((row) => row.document)
}

/** `Case.Priority` and `Case.Default` are of Case; processes and actions say so themselves. */
const objectOf = (document: AnyDocument): string =>
  'object' in document ? document.object : document.name.split('.')[0]!

function objectView(catalog: Catalog, permissions: Permissions, object: ObjectDef) {
  const access = permissions.object(object.name)
  const readable = object.fields.filter((field) => access.canRead(field.name))
  return {
    ...pick(object, [
      'id',
      'name',
      'label',
      'pluralLabel',
      'keyPrefix',
      'custom',
      'setup',
      'platform',
      'enableProcesses',
      'customSettingsType',
    ]),
    description: object.document.description,
    icon: object.document.icon,
    nameField: object.nameField.name,
    access: {
      read: true,
      create: access.create && !object.platform,
      edit: access.edit && !object.platform,
      delete: access.delete && !object.platform,
    },
    fieldCount: readable.length,
    fields: () => readable.map((field) => fieldView(catalog, permissions, object, field)),
    field: ({ name }: { name: string }) =>
      readable
        .filter((field) => field.name.toLowerCase() === name.toLowerCase())
        .map((field) => fieldView(catalog, permissions, object, field))[0],
    children: () => childrenOf(catalog, permissions, object),
    layouts: () => [...object.layouts.values()].map((layout) => seenLayout({ catalog, permissions }, object, layout)),
    listViews: () =>
      [...object.listViews.values()].flatMap((view) => seenListView({ catalog, permissions }, object, view)),
    validationRules: () =>
      maySeeSetUp(permissions)
        ? object.validationRules.map((rule) => ({ ...rule.document, active: rule.document.active ?? true }))
        : [],
  }
}

function fieldView(catalog: Catalog, permissions: Permissions, object: ObjectDef, field: FieldDef) {
  const access = permissions.object(object.name)
  const edit = !object.platform && !field.readOnly && access.canEdit(field.name)
  return {
    ...pick(field, ['id', 'name', 'label', 'type', 'helpText', 'required', 'unique', 'indexed', 'readOnly', 'createOnly', 'calculating', 'custom', 'origin', 'trackHistory', 'length', 'displayFormat']), // prettier-ignore
    precision: field.precision || null,
    scale: field.precision ? field.scale : null,
    description: field.document?.description,
    defaultValue: field.defaultValue ?? null,
    createable: edit && access.create,
    updateable: edit && access.edit && !field.createOnly,
    filterable: operatorsOf(field).length > 0,
    sortable: isSortable(field),
    ...sourcesOf({ catalog, permissions }, object, field),
    formulaType: field.document?.formulaType ?? field.formula?.type ?? (field.rollup && formulaTypeOf(field)),
    treatBlanksAs: field.document?.treatBlanksAs,
    picklist: choicesOf(catalog, access, field, edit),
    reference: field.reference && {
      ...field.reference,
      to: field.reference.any ? ['*'] : field.reference.to.filter((name) => permissions.object(name).read),
    },
  }
}

/** Of a picklist its values; of a field that names documents, for those who may set it, the names there are. */
function choicesOf(catalog: Catalog, access: ObjectAccess, { names, picklist }: FieldDef, edit: boolean) {
  if (picklist || !names || !edit) return picklist && picklistView(access, picklist)
  const values = [...namesInRows(catalog, names)].map(([value, label]) => ({ value, label }))
  return picklistView(access, { restricted: true, values })
}

/** What controls it is told to those who may read that field. */
function picklistView(
  access: ObjectAccess,
  { controllingField, dependencies, ...picklist }: NonNullable<FieldDef['picklist']>,
) {
  const values = picklist.values.map((v) => ({
    value: v.value,
    label: v.label ?? v.value,
    active: v.active ?? true,
    default: v.default ?? false,
    closed: v.closed ?? false,
    color: v.color,
  }))
  const controlled = controllingField !== undefined && access.canRead(controllingField)
  return { ...picklist, values, ...(controlled && { controllingField, dependencies }) }
}

function childrenOf(catalog: Catalog, permissions: Permissions, object: ObjectDef) {
  return [...object.children.values()].flatMap((child) => {
    const target = catalog.object(child.object)
    const visible =
      target && permissions.object(target.name).read && permissions.object(target.name).canRead(child.field)
    return visible ? [{ name: child.name, object: child.object, field: child.field, label: target.pluralLabel }] : []
  })
}

const pick = <T, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>

// ── changes ──

interface ChangeInput {
  readonly kind: AnyKind
  readonly name: string
  readonly document?: AnyDocument | null
  readonly renameFrom?: string
  readonly sameAs?: string | null
  readonly isNew?: boolean | null
  readonly delete?: boolean
}

function requireAdmin(context: RequestContext): void {
  if (!context.actor.permissions.system.has('manageMetadata')) throw forbidden(NO_METADATA)
}

export async function plan(
  args: { changes: readonly ChangeInput[]; allowDestructive?: boolean },
  context: RequestContext,
) {
  requireAdmin(context)
  args.changes.forEach(requireOneWish)
  // Whether the document is of that kind, the planner says.
  const changes = args.changes.map((change) => ({
    kind: change.kind,
    name: change.name,
    document: change.delete ? null : (change.document ?? null),
    ...(change.renameFrom ? { renameFrom: change.renameFrom } : {}),
    ...(change.sameAs ? { sameAs: change.sameAs } : {}),
    ...(change.isNew ? { isNew: true } : {}),
  })) as DocumentChange[]
  const view = await context.services.engine.catalogs.plan(context.actor, changes, {
    allowDestructive: args.allowDestructive ?? false,
  })
  return seenPlan(view)
}

const seenPlan = (view: PlanView) => ({ ...view, steps: view.steps.map((step) => ({ text: step.text, data: step })) })

/** A document that was left out deletes nothing. */
function requireOneWish({ name, document, delete: gone }: ChangeInput, i: number): void {
  if ((document ?? null) === null ? gone : !gone) return
  const hint = 'Give the document as it is to be or, to delete it, delete: true and no document.'
  throw userError(`changes[${i}]: it is not clear what is to become of ${name}. ${hint}`, 'BAD_USER_INPUT')
}

export async function apply(args: { planId: string }, context: RequestContext) {
  requireAdmin(context)
  return context.services.engine.catalogs.apply(context.actor, args.planId)
}

export async function planUndo(
  { version, allowDestructive = false }: { version: number; allowDestructive?: boolean },
  context: RequestContext,
) {
  requireAdmin(context)
  return seenPlan(await context.services.engine.catalogs.planUndo(context.actor, version, { allowDestructive }))
}
