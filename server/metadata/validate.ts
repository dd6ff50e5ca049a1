import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { isStorableJson, type Finding, type Value } from '#util'
import { KINDS } from './kinds/index.ts'
import type { Schema } from './kinds/schema.ts'
import { documentPath } from './report.ts'
import { rowSchema, type AnyKind } from './row-document.ts'
import { didYouMean } from './suggest.ts'
import { explain } from './schema-messages.ts'

const SCHEMAS: { readonly [kind: string]: Schema } = {
  ...Object.fromEntries(Object.values(KINDS).map(({ kind, schema }) => [kind, schema])),
  Row: rowSchema,
}
const KIND_NAMES = Object.keys(SCHEMAS)
const validators = new Map<AnyKind, ValidateFunction>()

/** The schema of a kind, compiled on first need. */
function validatorOf(kind: AnyKind): ValidateFunction {
  const known = validators.get(kind)
  if (known) return known
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    discriminator: true,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
  })
  const made = ajv.compile(SCHEMAS[kind]!)
  validators.set(kind, made)
  return made
}

/**
 * Checks documents, each by itself, against the JSON Schema of its kind: all mistakes at once, in plain words, with file, JSON path and what to do.
 * What documents say of each other is checked by `compileCatalog`.
 */
export function validateDocuments(
  documents: readonly { readonly file?: string; readonly document: unknown }[],
): Finding[] {
  return documents.flatMap(({ file, document }) => validateDocument(document, file))
}

function validateDocument(document: unknown, file: string | undefined): Finding[] {
  const at = (finding: Omit<Finding, 'severity' | 'file'>, where = file): Finding => ({
    severity: 'error',
    ...finding,
    ...(where && { file: where }),
  })
  if (!isRecord(document))
    return [
      at({
        code: 'NOT_A_DOCUMENT',
        message: 'A document is a JSON object in braces.',
        hint: 'Begin with {"kind": "Field", "name": …}.',
      }),
    ]
  const { kind, name } = document
  if (!isKind(kind)) return [at(unknownKind(kind))]
  const validate = validatorOf(kind)
  const sound = validate(document)
  const where = file ?? (typeof name === 'string' ? documentPath(kind, name) : undefined)
  if (sound) return unstorable(document).map((f) => at(f, where))
  return explain(validate.errors as ErrorObject[]).map((f) => at(f, where))
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isKind = (value: unknown): value is AnyKind => typeof value === 'string' && Object.hasOwn(SCHEMAS, value)

const unstorable = (document: { readonly [key: string]: unknown }): Omit<Finding, 'severity'>[] =>
  Object.entries(document)
    .filter((entry) => !isStorableJson(entry as Value))
    .map(([path]) => ({
      code: 'BAD_TEXT',
      path,
      message: `\`${path}\` holds a character that can't be stored: NUL (U+0000) or half of a surrogate pair.`,
      hint: 'Take it out.',
    }))

function unknownKind(kind: unknown): Omit<Finding, 'severity'> {
  const message =
    kind === undefined ? 'The document does not say its kind.' : `There is no kind ${JSON.stringify(kind)}.`
  return {
    code: 'UNKNOWN_KIND',
    path: 'kind',
    message,
    hint: (typeof kind === 'string' && didYouMean(kind, KIND_NAMES)) || `Set kind to one of ${KIND_NAMES.join(', ')}.`,
  }
}
