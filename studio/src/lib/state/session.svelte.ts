import { whenSignedOut } from '../api/graphql.ts'
import { ApiError, messageOf } from '../api/errors.ts'
import { sendJson } from '../api/http.ts'
import { disconnect, subscribe, whenSessionEnded } from '../api/live.ts'
import { readMe, readObjectList, readStart, type Me, type Start } from '../api/metadata.ts'
import { catalog } from './catalog.svelte.ts'
import { forgetAnswers } from './memory.ts'
import { visits } from './visits.ts'

/** Who is signed in. Everything on screen hangs on this. */
class Session {
  status = $state<'unknown' | 'signedOut' | 'signedIn' | 'unreachable'>('unknown')
  me = $state.raw<Me>()
  error = $state<string>()
  #stopWatching: (() => void) | undefined

  can(permission: string): boolean {
    return this.me?.systemPermissions.includes(permission) ?? false
  }

  async start(): Promise<void> {
    whenSignedOut(() => this.#forget())
    whenSessionEnded(() => void this.#lookAgain())
    try {
      await this.#enter()
    } catch (error) {
      if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return this.#forget()
      this.error = messageOf(error)
      this.status = 'unreachable'
    }
  }

  /** Resolves to a plain message when the sign-in was refused. */
  async signIn(username: string, password: string): Promise<string | undefined> {
    try {
      const { status, body } = await sendJson('/auth/sign-in', { username, password })
      if (status >= 400) return refusal(body, status)
      visits.note(true)
      await this.#enter()
      return undefined
    } catch (error) {
      return messageOf(error)
    }
  }

  async signOut(): Promise<void> {
    await sendJson('/auth/sign-out', {}).catch(() => undefined)
    this.#forget()
  }

  async #enter() {
    const { me, metadata } = await readWho()
    catalog.show(metadata)
    this.me = me
    this.status = 'signedIn'
    visits.note(true)
    this.#stopWatching ??= subscribe(
      'subscription CatalogChanged { catalogChanged { version } }',
      {},
      () => void this.refresh(),
    )
  }

  /** Signed out or in as somebody else in another tab, or only a new session after a new password: then the socket comes back by itself. */
  async #lookAgain(): Promise<void> {
    const who = () => readMe().catch(() => this.me)
    // The socket may be shut a moment before the answer that brings the new session's cookie.
    const me = (await who()) ?? (await new Promise((resolve) => setTimeout(resolve, 1000)).then(who))
    if (me?.id === this.me?.id) return
    this.#forget()
    if (me) await this.start()
  }

  /** An admin changed the metadata: navigation, pages and forms follow without a reload. */
  async refresh(): Promise<void> {
    catalog.show(await readObjectList())
    await catalog.refreshDetails()
  }

  #forget() {
    this.#stopWatching?.()
    this.#stopWatching = undefined
    void disconnect()
    visits.note(false)
    forgetAnswers()
    this.me = undefined
    this.status = 'signedOut'
    catalog.clear()
  }
}

/** In one request for whoever was signed in when last here. Without a session the schema knows nothing but "who am I". */
async function readWho(): Promise<Start & { readonly me: Me }> {
  const start = visits.signedIn ? await readStart().catch(() => undefined) : undefined
  if (start?.me) return { ...start, me: start.me }
  const me = await readMe()
  if (!me) throw new ApiError('UNAUTHENTICATED', 'Sign in first.')
  return { me, metadata: await readObjectList() }
}

/** The server's own words when it has some. */
function refusal(body: unknown, status: number): string {
  const { error, message } = (body ?? {}) as { error?: { message?: string } | string; message?: string }
  const said = typeof error === 'string' ? error : (error?.message ?? message)
  return (
    said ??
    (status === 429
      ? 'Too many tries. Wait a few minutes, then try again.'
      : 'That did not work. Check the username and the password.')
  )
}

export const session = new Session()
