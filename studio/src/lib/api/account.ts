/** Ways in, under /auth: one's own sessions, tokens and password, those of others, invitations and one-time links. */
import { ApiError, type FieldError } from './errors.ts'
import { signedOut } from './graphql.ts'
import { send, sendJson } from './http.ts'

/** Said by the server, with what is wrong beside each field where it says so. */
export class Refused extends ApiError {
  readonly errors: readonly FieldError[]

  constructor(code: string, message: string, errors: readonly FieldError[] = []) {
    super(code, message)
    this.errors = errors
  }
}

interface Refusal {
  readonly error?: FieldError & { readonly errors?: readonly FieldError[] }
}

/** Reads; with a body, sends. */
export async function ask<T>(path: string, body?: object): Promise<T> {
  return answerOf<T>(await sendJson(path, body))
}

const remove = async (path: string): Promise<void> => answerOf(await send(path, { method: 'DELETE' }))

function answerOf<T>({ status, body }: { readonly status: number; readonly body: unknown }): T {
  if (status < 400) return body as T
  const { error } = (body ?? {}) as Refusal
  if (!error) throw new Refused('SERVER', `The server could not answer (status ${status}). Try again.`)
  if (error.code === 'UNAUTHENTICATED') throw signedOut()
  throw new Refused(error.code, error.message, error.errors ?? (error.field ? [error] : []))
}

export interface SessionFacts {
  readonly id: string
  readonly createdAt: string
  readonly lastSeenAt: string
  readonly address: string | null
  readonly userAgent: string | null
  readonly current: boolean
}
export interface ApiToken {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt: string | null
  readonly readOnly: boolean
}

/** `of`: the user they belong to; one's own without. */
const under = (of: string | undefined): string => (of === undefined ? '/auth' : `/auth/users/${of}`)

export const readSessions = async (of?: string) =>
  (await ask<{ sessions: readonly SessionFacts[] }>(`${under(of)}/sessions`)).sessions
export const endSession = (id: string, of?: string) => remove(`${under(of)}/sessions/${id}`)
export const endSessions = (of?: string) => remove(`${under(of)}/sessions`)

export const readTokens = async (of?: string) =>
  (await ask<{ tokens: readonly ApiToken[] }>(`${under(of)}/tokens`)).tokens
export const revokeToken = (id: string, of?: string) => remove(`${under(of)}/tokens/${id}`)
export const createToken = (token: { readonly label: string; readonly days: number; readonly readOnly: boolean }) =>
  ask<{ readonly token: string; readonly expiresAt: string }>('/auth/tokens', token)

export const changePassword = (current: string, password: string) => ask('/auth/password', { current, password })

export interface SentLink {
  readonly kind: 'invitation' | 'passwordReset'
  readonly to: string
  readonly mailed: boolean
  /** Where e-mails can't leave: the link, to be handed over. */
  readonly path?: string
  readonly expiresAt?: string
}
export interface Choices {
  readonly mails: boolean
  readonly permissionSets: readonly { readonly name: string; readonly label: string; readonly description: string | null }[] // prettier-ignore
}
export interface Invitation {
  readonly email: string
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  readonly profileId: string
  readonly permissionSets: readonly string[]
}
export interface WayIn {
  readonly mails: boolean
  readonly hasPassword: boolean
  readonly link: {
    readonly kind: 'setUp' | SentLink['kind']
    readonly createdAt: string
    readonly expiresAt: string
    readonly problem: string | null
  } | null
}

export const readChoices = () => ask<Choices>('/auth/users')
export const invite = (invitation: Invitation) =>
  ask<{ readonly userId: string; readonly sent: SentLink }>('/auth/users', invitation)
export const readWayIn = (user: string) => ask<WayIn>(`/auth/users/${user}`)
export const sendLink = async (user: string) => (await ask<{ sent: SentLink }>(`/auth/users/${user}/link`, {})).sent
