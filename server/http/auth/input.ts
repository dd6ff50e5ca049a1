/** The bodies of requests under /auth, each with its schema: what does not fit is refused with its place and a sentence. */
import { Ajv, type JSONSchemaType } from 'ajv'
import type { RequestHandler } from 'express'
import { explainSchemaErrors } from '#metadata'
import { fail } from './answers.ts'
import { MAX_PASSWORD } from './passwords.ts'

const ajv = new Ajv({ allErrors: true, verbose: true })

/** Stands before the handler, which then finds a T in `request.body`. */
export function takes<T>(schema: JSONSchemaType<T>): RequestHandler {
  const fits = ajv.compile(schema)
  return (request, response, next) => {
    request.body ??= {}
    if (fits(request.body)) return next()
    const problems = explainSchemaErrors(fits.errors ?? [])
    const message = problems.map(({ message, hint }) => [message, hint].filter(Boolean).join(' ')).join(' ')
    return fail(response, 400, 'BAD_REQUEST', message, problems[0]?.path)
  }
}

/** One line: no control characters, which no database takes everywhere. */
const line = (maxLength: number) => ({ type: 'string', maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$', description: 'One line, without control characters.' }) as const // prettier-ignore
const password = { type: 'string', maxLength: MAX_PASSWORD } as const
const closed = { type: 'object', additionalProperties: false } as const

export interface SignInBody {
  readonly username: string
  readonly password: string
}
export const SIGN_IN: JSONSchemaType<SignInBody> = {
  ...closed,
  required: ['username', 'password'],
  properties: { username: line(200), password },
}

interface NameBody {
  readonly firstName?: string
  readonly lastName?: string
}
const name = { firstName: { ...line(40), nullable: true }, lastName: { ...line(80), nullable: true } } as const

export interface SetUpBody extends SignInBody, NameBody {
  readonly token: string
}
export const SET_UP: JSONSchemaType<SetUpBody> = {
  ...closed,
  required: ['token', 'username', 'password'],
  properties: { token: line(100), username: line(80), password, ...name },
}

export interface LinkBody {
  readonly token: string
}
export const LINK: JSONSchemaType<LinkBody> = { ...closed, required: ['token'], properties: { token: line(100) } }

export interface EnterBody extends LinkBody, NameBody {
  readonly password: string
}
export const ENTER: JSONSchemaType<EnterBody> = {
  ...closed,
  required: ['token', 'password'],
  properties: { token: line(100), password, ...name },
}

export interface ForgotBody {
  readonly username: string
}
export const FORGOT: JSONSchemaType<ForgotBody> = {
  ...closed,
  required: ['username'],
  properties: { username: line(200) },
}

export interface InvitationBody extends NameBody {
  readonly email: string
  readonly username?: string
  readonly profileId?: string
  readonly permissionSets?: readonly string[]
}
export const INVITATION: JSONSchemaType<InvitationBody> = {
  ...closed,
  required: ['email'],
  properties: {
    email: line(255),
    username: { ...line(80), nullable: true },
    profileId: { ...line(18), nullable: true },
    permissionSets: { type: 'array', items: line(80), maxItems: 100, nullable: true },
    ...name,
  },
}

export interface NewPasswordBody {
  readonly current: string
  readonly password: string
}
export const NEW_PASSWORD: JSONSchemaType<NewPasswordBody> = {
  ...closed,
  required: ['current', 'password'],
  properties: { current: password, password },
}

export interface NewTokenBody {
  readonly label: string
  readonly days?: number
  readonly readOnly?: boolean
  /** Names. */
  readonly permissionSets?: readonly string[]
}
/** May be left out, but a restriction that is null would be none. */
const NOT_NULL = { nullable: true, not: { type: 'null' }, description: 'Leave it out, or give a value.' } as const
export const NEW_TOKEN: JSONSchemaType<NewTokenBody> = {
  ...closed,
  required: ['label'],
  properties: {
    label: line(80),
    days: { type: 'integer', minimum: 1, maximum: 365, nullable: true, description: 'Give days as a whole number from 1 to 365.' }, // prettier-ignore
    readOnly: { type: 'boolean', ...NOT_NULL },
    permissionSets: { type: 'array', items: line(80), minItems: 1, maxItems: 200, uniqueItems: true, ...NOT_NULL },
  },
}

export interface StrengthBody {
  readonly password: string
  readonly username?: string
  readonly name?: string
}
export const STRENGTH: JSONSchemaType<StrengthBody> = {
  ...closed,
  required: ['password'],
  properties: { password, username: { ...line(200), nullable: true }, name: { ...line(120), nullable: true } },
}
