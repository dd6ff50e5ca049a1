import type { Finding } from '#util'
import type { Document, ObjectDocument } from '../documents.ts'
import { isCustom, nameProblem, polymorphicName, RELATIONSHIP_SUFFIX, SCOPED_KINDS, splitName } from '../names.ts'
import { reporter, type Report } from '../report.ts'
import type { ObjectDraft } from './objects.ts'
import { isReserved } from './reserved-names.ts'

/** Names: shape, suffix, reserved words, and no two alike in any letter case. */
export function checkNames(documents: readonly Document[], objects: readonly ObjectDraft[], findings: Finding[]): void {
  const seen = new Map<string, Document>()
  const ids = new Map<string, Document>()
  for (const document of documents) {
    const report = reporter(findings, document)
    checkName(document, report)
    checkTaken(seen, `${document.kind}:${document.name.toLowerCase()}`, document, report)
    checkId(ids, `${document.kind}:${document.id}`, document, report)
  }
  checkPrefixes(objects, findings)
  for (const object of objects) checkMembers(object, findings)
  checkSharedNames(objects, findings)
}

function checkName(document: Document, report: Report): void {
  const [object, name] = splitName(document.name)
  const scoped = SCOPED_KINDS.has(document.kind)
  if (scoped === (object === name && !document.name.includes('.')))
    return report({ code: 'BAD_NAME', path: 'name', message: `The name ${document.name} ${scoped ? 'must be written Object.Name' : 'must not have a dot'}.`, hint: scoped ? `For example Case.${document.name}.` : undefined }) // prettier-ignore
  checkShape(name, 'name', report)
  if (document.kind === 'Object') checkNameField(document, report)
  if (document.kind !== 'Field') return
  checkReserved(name, 'name', report)
  for (const key of ['relationshipName', 'childRelationshipName'] as const)
    if (document[key] !== undefined) checkFree(document[key], key, report, RELATIONSHIP_SUFFIX)
  if (isCustom(object) && !isCustom(name))
    report({
      code: 'CUSTOM_SUFFIX',
      path: 'name',
      message: `Fields of a custom object end in __c, and ${name} does not.`,
      hint: `Call it ${object}.${name}__c.`,
    })
}

/** `Name` is what it is called when nothing else is said. */
function checkNameField({ nameField }: ObjectDocument, report: Report): void {
  const { name = 'Name' } = nameField
  if (name !== 'Name') checkFree(name, 'nameField.name', report)
}

function checkFree(name: string, path: string, report: Report, suffix?: string): void {
  if (checkShape(name, path, report, suffix)) checkReserved(name, path, report)
}

function checkShape(name: string, path: string, report: Report, suffix?: string): boolean {
  const problem = nameProblem(name, suffix)
  if (problem)
    report({
      code: 'BAD_NAME',
      path,
      message: `The name ${name} ${problem}.`,
      hint: 'Choose another API name; the label may be anything.',
    })
  return problem === undefined
}

function checkReserved(name: string, path: string, report: Report): void {
  if (isReserved(name))
    report({
      code: 'RESERVED_NAME',
      path,
      message: `${name} is a name the platform uses itself.`,
      hint: 'Choose another API name.',
    })
}

function checkTaken(seen: Map<string, Document>, key: string, document: Document, report: Report): void {
  const other = seen.get(key)
  if (other)
    report({ code: 'NAME_TAKEN', path: 'name', message: `There are two documents of kind ${document.kind} named ${other.name}${other.name === document.name ? '' : ` and ${document.name}; letter case does not tell names apart`}.`, hint: 'Rename or remove one of them.' }) // prettier-ignore
  else seen.set(key, document)
}

function checkId(ids: Map<string, Document>, key: string, document: Document, report: Report): void {
  const other = ids.get(key)
  if (other)
    report({
      code: 'ID_TAKEN',
      path: 'id',
      message: `The id ${document.id} is that of ${other.name} as well.`,
      hint: 'Leave `id` out of a new document; it gets its own.',
    })
  else ids.set(key, document)
}

function checkPrefixes(objects: readonly ObjectDraft[], findings: Finding[]): void {
  const owners = new Map<string, ObjectDraft>()
  for (const object of objects) {
    const other = owners.get(object.keyPrefix)
    if (other)
      reporter(
        findings,
        object.document,
      )({
        code: 'PREFIX_TAKEN',
        path: 'keyPrefix',
        message: `The key prefix ${object.keyPrefix} belongs to ${other.name}.`,
        hint: 'Leave `keyPrefix` out; the object gets a free one.',
      })
    else owners.set(object.keyPrefix, object)
  }
}

/** Fields, parents and child lists of an object are one name space: they stand side by side in GraphQL. */
function checkMembers(object: ObjectDraft, findings: Finding[]): void {
  const members = new Map<string, string>()
  const take = (name: string, what: string, report: Report, path: string) => {
    const other = members.get(name.toLowerCase())
    if (other === undefined) members.set(name.toLowerCase(), what)
    // Two fields of one name, or a reserved name, have been reported as such.
    else if (!isReserved(name) && !(other === 'a field' && what === 'a field'))
      report({
        code: 'NAME_TAKEN',
        path,
        message: `On ${object.name} the name ${name} is taken twice: by ${other} and by ${what}.`,
        hint: 'Rename one of them.',
      })
  }
  for (const f of object.fields)
    take(
      f.name,
      f.document ? 'a field' : 'a field of the platform',
      reporter(findings, f.document ?? object.document),
      'name',
    )
  for (const f of object.fields)
    if (f.reference)
      take(
        f.reference.relationshipName,
        `the parent of ${f.name}`,
        reporter(findings, f.document ?? object.document),
        'relationshipName',
      )
  for (const c of object.children.values())
    take(
      c.name,
      `the list of ${c.object} by ${c.field}`,
      reporter(findings, { kind: 'Field', name: `${c.object}.${c.field}` }),
      'childRelationshipName',
    )
}

/** What a polymorphic lookup leads to has a name made of theirs, beside the names of objects. */
function checkSharedNames(objects: readonly ObjectDraft[], findings: Finding[]): void {
  const taken = new Map(objects.map((object) => [object.name.toLowerCase(), `the object ${object.name}`]))
  for (const { document, reference } of objects.flatMap((object) => object.fields)) {
    if (!document || !reference?.polymorphic || reference.any || reference.to.length === 0) continue
    const name = polymorphicName(reference.to)
    const what = `what leads to ${[...reference.to].sort().join(' or ')}`
    const other = taken.get(name.toLowerCase()) ?? what
    taken.set(name.toLowerCase(), other)
    if (other !== what)
      reporter(
        findings,
        document,
      )({
        code: 'NAME_TAKEN',
        path: 'referenceTo',
        message: `The API calls ${what} ${name}, and ${other} has that name already.`,
        hint: 'Rename one of the objects, or let the field lead to others.',
      })
  }
}
