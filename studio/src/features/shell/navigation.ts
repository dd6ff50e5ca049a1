import type { ObjectInfo } from '$lib/api/metadata.ts'

/** The everyday objects first, in the order people work; then an organisation's own; detail rows and people wait under "More". */
const MAIN = ['Case', 'WorkOrder', 'Task', 'Account', 'Contact', 'Entitlement', 'ServiceContract', 'Asset']

export function navigationOf(objects: readonly ObjectInfo[]): {
  main: readonly ObjectInfo[]
  more: readonly ObjectInfo[]
} {
  const rank = (o: ObjectInfo) => (o.custom ? 2.5 : MAIN.indexOf(o.name))
  const isMain = (o: ObjectInfo) => o.custom || MAIN.includes(o.name)
  const byRank = (a: ObjectInfo, b: ObjectInfo) => rank(a) - rank(b) || a.pluralLabel.localeCompare(b.pluralLabel)
  return {
    main: objects.filter(isMain).sort(byRank),
    more: objects.filter((o) => !isMain(o)).sort((a, b) => a.pluralLabel.localeCompare(b.pluralLabel)),
  }
}
