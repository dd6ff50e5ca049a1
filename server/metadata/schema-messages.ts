import type { ErrorObject } from 'ajv'
import type { Finding } from '#util'
import { jsonPath } from './report.ts'
import { didYouMean } from './suggest.ts'

type Words = Pick<Finding, 'code' | 'message' | 'hint'> & { readonly path?: string }
type Keys = { readonly [key: string]: unknown }

/** ajv's errors in plain words, each mistake once. */
export function explain(errors: readonly ErrorObject[]): Words[] {
  const words = errors.filter((e) => !isEcho(e)).map(explainOne)
  const seen = new Set<string>()
  return words.filter((w) => !seen.has(`${w.path}|${w.message}`) && seen.add(`${w.path}|${w.message}`))
}

/** Errors that only repeat another: the branch that was taken, and the choices of a `oneOf` that has its own sentence. */
const isEcho = (e: ErrorObject): boolean =>
  e.keyword === 'if' ||
  (e.keyword === 'required' && /\/oneOf\/\d+\/required$/.test(e.schemaPath) && allowed(e).length === 0) ||
  (e.keyword === 'oneOf' && !choices(e))

/** The keys of which an object must have exactly one. */
function choices(e: ErrorObject): string[] | undefined {
  const options = (e.schema ?? []) as readonly {
    readonly required?: readonly string[]
    readonly properties?: unknown
  }[]
  return options.every((o) => o.required?.length === 1 && o.properties === undefined)
    ? options.flatMap((o) => o.required ?? [])
    : undefined
}

function explainOne(e: ErrorObject): Words {
  const path = pathOf(e)
  const last =
    path
      .split(/[.[\]]+/)
      .filter(Boolean)
      .at(-1) ?? 'document'
  const words = (EXPLAIN[e.keyword] ?? fallback)(e, /^\d+$/.test(last) ? 'this entry' : `\`${last}\``)
  return { ...words, path: words.path ?? path }
}

const pathOf = (e: ErrorObject): string =>
  jsonPath(e.instancePath.split('/').slice(1).map((p) => (/^\d+$/.test(p) ? Number(p) : p.replaceAll('~1', '/').replaceAll('~0', '~')))) // prettier-ignore

const fallback = (e: ErrorObject, what: string): Words => ({
  code: 'BAD_VALUE',
  message: `${capital(what)} ${e.message ?? 'is wrong'}.`,
  hint: 'Correct it.',
})
const params = (e: ErrorObject): Keys => e.params as Keys
const within = (e: ErrorObject, key: string): string => [pathOf(e), key].filter(Boolean).join('.')
const allowed = (e: ErrorObject): string[] =>
  Object.keys((e.parentSchema as { properties?: object } | undefined)?.properties ?? {})
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const list = (values: readonly unknown[]): string => values.map(String).join(', ')

const TYPES: { readonly [type: string]: string } = {
  string: 'text in quotes', number: 'a number', integer: 'a whole number', boolean: 'true or false', object: 'an object in braces', array: 'a list in brackets', null: 'null',
} // prettier-ignore

const EXPLAIN: { readonly [keyword: string]: (e: ErrorObject, what: string) => Words } = {
  type: (e, what) => ({
    code: 'WRONG_TYPE',
    message: `${capital(what)} must be ${[params(e)['type']]
      .flat()
      .map((t) => TYPES[String(t)] ?? String(t))
      .join(' or ')}, not ${JSON.stringify(e.data)?.slice(0, 60)}.`,
    hint: descriptionOf(e),
  }),
  enum: (e, what) => notOneOf(what, e.data, params(e)['allowedValues'] as readonly unknown[]),
  const: (e, what) => ({
    code: 'BAD_VALUE',
    message: `${capital(what)} must be ${JSON.stringify(params(e)['allowedValue'])}.`,
    hint: 'Correct it.',
  }),
  not: (e, what) => ({
    code: 'BAD_VALUE',
    message: `${capital(what)} must not be ${JSON.stringify(e.data)?.slice(0, 60)}.`,
    hint: descriptionOf(e),
  }),
  discriminator: (e) => {
    const tag = String(params(e)['tag'])
    const branches =
      (e.schema as { oneOf?: readonly { properties?: { [key: string]: { const?: unknown } } }[] } | undefined)?.oneOf ??
      (e.parentSchema as { oneOf?: readonly { properties?: { [key: string]: { const?: unknown } } }[] }).oneOf ??
      []
    return {
      ...notOneOf(
        `\`${tag}\``,
        params(e)['tagValue'],
        branches.map((b) => b.properties?.[tag]?.const),
      ),
      path: within(e, tag),
    }
  },
  required: (e) => {
    const key = String(params(e)['missingProperty'])
    return { code: 'MISSING', path: within(e, key), message: `\`${key}\` is missing.`, hint: propertyHint(e, key) }
  },
  dependencies: (e) => {
    const { property, missingProperty } = params(e) as { property: string; missingProperty: string }
    return {
      code: 'MISSING',
      path: within(e, missingProperty),
      message: `\`${property}\` needs \`${missingProperty}\` beside it.`,
      hint: propertyHint(e, missingProperty),
    }
  },
  additionalProperties: (e) => {
    const key = String(params(e)['additionalProperty'])
    return {
      code: 'UNKNOWN_KEY',
      path: within(e, key),
      message: `There is no key \`${key}\` here.`,
      hint: didYouMean(key, allowed(e)) ?? `Known keys are ${list(allowed(e))}.`,
    }
  },
  oneOf: (e, what) => ({
    code: 'ONE_OF',
    message: `${capital(what)} must have exactly one of ${list(choices(e) ?? [])}.`,
    hint: 'Keep one and remove the others.',
  }),
  minLength: (_e, what) => ({
    code: 'EMPTY',
    message: `${capital(what)} is empty.`,
    hint: 'Fill it in or leave it out.',
  }),
  maxLength: (e, what) => ({
    code: 'TOO_LONG',
    message: `${capital(what)} is longer than ${params(e)['limit']} characters.`,
    hint: 'Shorten it.',
  }),
  pattern: (e, what) => ({
    code: 'BAD_FORMAT',
    message: `${capital(what)} does not have the form it needs: ${JSON.stringify(e.data)}.`,
    hint: descriptionOf(e) ?? 'Correct it.',
  }),
  minimum: (e, what) => ({
    code: 'OUT_OF_RANGE',
    message: `${capital(what)} must be at least ${params(e)['limit']}.`,
    hint: descriptionOf(e),
  }),
  maximum: (e, what) => ({
    code: 'OUT_OF_RANGE',
    message: `${capital(what)} must be at most ${params(e)['limit']}.`,
    hint: descriptionOf(e),
  }),
  exclusiveMinimum: (e, what) => ({
    code: 'OUT_OF_RANGE',
    message: `${capital(what)} must be more than ${params(e)['limit']}.`,
    hint: descriptionOf(e),
  }),
  exclusiveMaximum: (e, what) => ({
    code: 'OUT_OF_RANGE',
    message: `${capital(what)} must be less than ${params(e)['limit']}.`,
    hint: descriptionOf(e),
  }),
  minItems: (_e, what) => ({ code: 'EMPTY', message: `${capital(what)} needs at least one entry.`, hint: 'Add one.' }),
  maxItems: (e, what) => ({
    code: 'TOO_MANY',
    message: `${capital(what)} has more than ${params(e)['limit']} entries.`,
    hint: 'Remove some.',
  }),
  uniqueItems: (e, what) => ({
    code: 'TWICE',
    message: `${capital(what)} has an entry twice (${Number(params(e)['j']) + 1} and ${Number(params(e)['i']) + 1}).`,
    hint: 'Remove one.',
  }),
}

function notOneOf(what: string, value: unknown, values: readonly unknown[]): Words {
  const guess =
    typeof value === 'string'
      ? didYouMean(
          value,
          values.filter((v) => typeof v === 'string'),
        )
      : undefined
  return {
    code: 'BAD_VALUE',
    message: `${capital(what)} must be one of ${list(values)}, not ${JSON.stringify(value)}.`,
    hint: guess ?? 'Choose one of them.',
  }
}

const descriptionOf = (e: ErrorObject): string | undefined =>
  (e.parentSchema as { description?: string } | undefined)?.description

function propertyHint(e: ErrorObject, key: string): string {
  const property = (e.parentSchema as { properties?: { [key: string]: { description?: string } } } | undefined)
    ?.properties?.[key]
  return property?.description ? `Add it: ${property.description}` : 'Add it.'
}
