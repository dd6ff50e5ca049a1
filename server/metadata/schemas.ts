import { KINDS } from './kinds/index.ts'
import { rowSchema } from './row-document.ts'

/** The published JSON Schemas by file name (`field.schema.json`), as text: what `metadata/schemas/` holds. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    [...Object.values(KINDS), { kind: 'Row', schema: rowSchema }].map(({ kind, schema }) => [
      `${fileName(kind)}.schema.json`,
      `${JSON.stringify(schema, undefined, 2)}\n`,
    ]),
  )
}

/** `EntitlementProcess` → `entitlement-process`. */
const fileName = (kind: string): string => kind.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
