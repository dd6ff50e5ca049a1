/** What a record page shows and asks for: one request for everything on it. */
import type { FieldInfo, LayoutInfo, ObjectDetail, RelatedListInfo } from '$lib/api/metadata.ts'
import { selectionOf } from '$lib/fields/parents.ts'

export const MILESTONES = 'Milestones'
export const MILESTONE = 'RecordMilestone'
const HISTORY = 'Histories'
const RELATED_ROWS = 5

export interface Section {
  readonly label: string
  readonly columns: number
  readonly fields: readonly FieldInfo[]
}
export interface RelatedList {
  readonly relationship: string
  readonly label: string
  readonly object: ObjectDetail
  /** The reference field of the child that points here. */
  readonly through: string
  readonly columns: readonly FieldInfo[]
  readonly sort?: string | undefined
}
export interface PageShape {
  readonly object: ObjectDetail
  readonly layout: LayoutInfo
  readonly sections: readonly Section[]
  readonly highlights: readonly FieldInfo[]
  readonly related: readonly RelatedList[]
  readonly tracked: boolean
  readonly milestone: ObjectDetail | null | undefined
  readonly hasHistory: boolean
}

type Detail = (name: string) => ObjectDetail | null | undefined

/** The default layout, or one made of all fields when nobody has laid the page out. */
export function layoutOf(object: ObjectDetail): LayoutInfo {
  const given = object.layouts.find((l) => l.name === `${object.name}.Default`) ?? object.layouts[0]
  if (given) return given
  const names = (origin: FieldInfo['origin']) =>
    object.fields.filter((f) => f.origin === origin && f.name !== 'Id').map((f) => f.name)
  return {
    name: `${object.name}.Default`,
    label: object.label,
    sections: [{ label: object.label, columns: 2, fields: [object.nameField, ...names('declared')] }],
    relatedLists: object.children.map((c) => ({ relationship: c.name, fields: [] })),
  }
}

const isOwnPlace = (list: RelatedListInfo): boolean => list.relationship === MILESTONES || list.relationship === HISTORY

const isTracked = (object: ObjectDetail): boolean =>
  object.enableProcesses && object.children.some((c) => c.name === MILESTONES)

/** Objects whose details the page needs, besides its own. */
export function relatedObjects(object: ObjectDetail): readonly string[] {
  const lists = (layoutOf(object).relatedLists ?? []).filter((list) => !isOwnPlace(list))
  const wanted = [...lists.map((list) => list.relationship), ...(isTracked(object) ? [MILESTONES] : [])]
  return wanted.flatMap((name) => object.children.find((c) => c.name === name)?.object ?? [])
}

export function pageShape(object: ObjectDetail, detail: Detail): PageShape {
  const layout = layoutOf(object)
  const field = (name: string) =>
    object.fields.find((f) => f.name === name) ??
    (name === 'Name' ? object.fields.find((f) => f.name === object.nameField) : undefined)
  const fields = (names: readonly string[]) => names.flatMap((name) => field(name) ?? [])
  return {
    object,
    layout,
    sections: layout.sections
      .map((s) => ({ label: s.label, columns: s.columns, fields: fields(s.fields) }))
      .filter((s) => s.fields.length > 0),
    highlights: fields(layout.highlights ?? []).filter((f) => f.name !== object.nameField),
    related: (layout.relatedLists ?? []).flatMap((list) => relatedList(object, list, detail)),
    tracked: isTracked(object),
    milestone: detail(MILESTONE),
    hasHistory: object.children.some((c) => c.name === HISTORY),
  }
}

function relatedList(object: ObjectDetail, list: RelatedListInfo, detail: Detail): readonly RelatedList[] {
  const child = object.children.find((c) => c.name === list.relationship)
  const target = child && detail(child.object)
  if (!child || !target || isOwnPlace(list)) return []
  const columns = list.fields.flatMap((name) => target.fields.find((f) => f.name === name) ?? [])
  return [
    {
      relationship: child.name,
      label: listLabel(object, child),
      object: target,
      through: child.field,
      columns,
      sort: list.sort ?? undefined,
    },
  ]
}

/** `ChildCases` says more than a second list called Cases would. */
function listLabel(object: ObjectDetail, child: ObjectDetail['children'][number]): string {
  const alone = child.object !== object.name && object.children.filter((c) => c.object === child.object).length === 1
  const words = child.name.replace(/__r$/, '').replaceAll('_', ' ').replaceAll(/([a-z])([A-Z])/g, '$1 $2') // prettier-ignore
  return alone ? child.label : words
}

const MILESTONE_FIELDS =
  'Id Name Status StartDate TargetDate CompletionDate IsViolated Cycle Run TargetMinutes ElapsedMinutes PausedMinutes CancelReason PausedSince PauseReason AgreementType Process IsTargetManual TargetReason TargetMovesWithPauses'.split(
    ' ',
  )

/** Fields, business hours and pauses are asked for only by those who may read them. */
export const milestoneSelection = (detail: PageShape['milestone'], canRead: (object: string) => boolean): string =>
  [
    ...MILESTONE_FIELDS.filter((name) => detail?.fields.some((field) => field.name === name)),
    canRead('BusinessHours') ? 'BusinessHours { Id Name }' : '',
    canRead('RecordMilestonePause')
      ? 'Pauses(first: 10, where: { EndDate: { isNull: true } }) { nodes { Source } }'
      : '',
  ].join(' ')

export function selectionOfPage(shape: PageShape, canRead: (object: string) => boolean): string {
  const { object, sections, highlights, related, tracked } = shape
  const fields = new Map([...highlights, ...sections.flatMap((s) => s.fields)].map((f) => [f.name, f]))
  for (const name of ['Version', 'OwnerId', 'IsPaused', 'SlaExitDate']) {
    const field = object.fields.find((f) => f.name === name)
    if (field) fields.set(name, field)
  }
  const own = [...fields.values()].map((f) => selectionOf(f, canRead)).join(' ')
  const milestones = tracked
    ? `${MILESTONES}(first: 200) { nodes { ${milestoneSelection(shape.milestone, canRead)} } }`
    : ''
  return `Name ${own} ${milestones} ${related.map((list) => childSelection(list, canRead)).join(' ')}`
}

function childSelection(list: RelatedList, canRead: (object: string) => boolean): string {
  const columns = list.columns.map((c) => selectionOf(c, canRead)).join(' ')
  return `${list.relationship}(first: ${RELATED_ROWS}${orderOfChild(list)}) { totalCount nodes { Id Name ${columns} } }`
}

function orderOfChild({ sort, object }: RelatedList): string {
  const name = sort?.replace(/^-/, '')
  if (!name || !object.fields.some((f) => f.name === name && f.sortable)) return ''
  return `, orderBy: [{ ${name}: ${sort!.startsWith('-') ? 'DESC_NULLS_LAST' : 'ASC_NULLS_LAST'} }]`
}
