import { KINDS } from './kinds/index.ts'

/** The published JSON Schemas by file name (`field.schema.json`), as text: what `metadata/schemas/` holds. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.values(KINDS).map(({ kind, schema }) => [
      `${fileName(kind)}.schema.json`,
      `${JSON.stringify(schema, undefined, 2)}\n`,
    ]),
  )
}

/** `EntitlementProcess` → `entitlement-process`. */
const fileName = (kind: string): string => kind.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
