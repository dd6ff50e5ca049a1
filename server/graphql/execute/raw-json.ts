import type { GraphQLError } from 'graphql'

/** JSON text that the database has printed; it goes to the socket as it is. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export interface RawResult {
  readonly data?: RawJson | null
  readonly errors?: readonly GraphQLError[]
}

/** For Apollo's `stringifyResult`. */
export function stringifyResult(value: { data?: unknown; errors?: unknown; extensions?: unknown }): string {
  if (!(value.data instanceof RawJson)) return JSON.stringify(value)
  const errors = Array.isArray(value.errors) && value.errors.length ? `"errors":${JSON.stringify(value.errors)},` : ''
  return `{${errors}"data":${value.data.text}}`
}
