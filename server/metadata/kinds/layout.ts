import type { LayoutDocument } from '../documents.ts'
import { splitName } from '../names.ts'
import { checkSort } from '../query/filter.ts'
import type { KindEntry, Slot } from './kind.ts'
import { documentSchema, list, record, text } from './schema.ts'

const field = text('A field of the object.')

export const layoutKind: KindEntry<LayoutDocument> = {
  kind: 'Layout',
  label: 'Page layout',
  schema: documentSchema(
    'Layout',
    'Object.Layout; Object.Default is used where nothing else says.',
    {
      label: text('What people read.'),
      highlights: list(field, 'Fields at the top of the page.'),
      sections: list(
        record(
          {
            label: text('Heading.'),
            columns: { type: 'integer', enum: [1, 2], description: 'One or two columns.' },
            fields: list(field, 'Row by row.'),
          },
          ['label', 'columns', 'fields'],
        ),
        'The page, from the top.',
      ),
      relatedLists: list(
        record(
          {
            relationship: text('The name of a child list, e.g. CaseComments.'),
            fields: list(text('A field of the child.'), 'Columns.', { minItems: 1 }),
            sort: text('A field of the child, with - before it for descending.'),
          },
          ['relationship', 'fields'],
        ),
        'Lists of child records.',
      ),
    },
    ['label', 'sections'],
  ),
  slots(document, catalog) {
    const [object] = splitName(document.name)
    const own = (at: (string | number)[], path: string): Slot => ({ is: 'field', at, object, path })
    return [
      ...(document.highlights ?? []).map((f, i) => own(['highlights', i], f)),
      ...document.sections.flatMap((s, i) => s.fields.map((f, j) => own(['sections', i, 'fields', j], f))),
      ...(document.relatedLists ?? []).flatMap((related, i): Slot[] => {
        const child = catalog.object(object)?.children.get(related.relationship)?.object
        const list: Slot = { is: 'child', at: ['relatedLists', i, 'relationship'], object, name: related.relationship }
        if (!child) return [list]
        const columns = related.fields.map((path, j): Slot => ({
          is: 'field',
          at: ['relatedLists', i, 'fields', j],
          object: child,
          path,
        }))
        return [list, ...columns, ...sortSlot(['relatedLists', i, 'sort'], child, related.sort)]
      }),
    ]
  },
  checkQueries({ name, relatedLists = [] }, catalog, report) {
    const children = catalog.object(splitName(name)[0])?.children
    for (const [i, { relationship, sort }] of relatedLists.entries()) {
      const child = catalog.object(children?.get(relationship)?.object ?? '')
      if (child && sort !== undefined) checkSort(catalog, child, sort.replace(/^-/, ''), ['relatedLists', i, 'sort'], report) // prettier-ignore
    }
  },
}

const sortSlot = (at: (string | number)[], object: string, sort: string | undefined): Slot[] =>
  sort === undefined
    ? []
    : [{ is: 'field', at, object, path: sort.replace(/^-/, ''), ...(sort.startsWith('-') && { prefix: '-' }) }]
