/** The e-mails about accounts. Their rows in the outbox name a link, or a session, and no more; address, text and token are made as they are sent. */
import { HeldBack, PermanentFailure, type MailWriter } from '#automation'
import type { Catalog } from '#metadata'
import type { Database } from '#database'
import { readRows } from '#records'
import type { Row } from '#util'
import { greeting, passwordNotice } from './password-notice.ts'
import { linkProblem, OneTimeLinks, type LinkKind, type OneTimeLink } from './one-time-links.ts'

/** Where a link leads: the token stands behind the #, which no browser sends and no server or proxy writes into its log. */
const PAGES = { setUp: '/setup', invitation: '/invitation', passwordReset: '/reset' } as const
export const linkPath = (kind: LinkKind, token: string): string => `${PAGES[kind]}#${token}`

export const SUBJECTS = { invitation: 'Your invitation to Milepost', passwordReset: 'Choose a new password for Milepost' } // prettier-ignore
/** Every kind that goes to somebody. */
export type SentKind = keyof typeof SUBJECTS

const NO_ADDRESS =
  'The address that people use is not known, so the link would lead nowhere. Set MILEPOST_URL, then send it again.'

/** `address`: of this organisation, as its people type it; never what a request calls us. */
export function accountMail(address: () => string | undefined): MailWriter {
  return (payload, from) =>
    payload.passwordChanged === undefined
      ? linkMail(payload, from, address())
      : passwordNotice(payload, from, address())
}

type From = Parameters<MailWriter>[1]

async function linkMail(payload: Row, { database, catalog }: From, base: string | undefined): ReturnType<MailWriter> {
  if (base === undefined) throw new HeldBack(NO_ADDRESS)
  const links = new OneTimeLinks(database)
  const link = await links.byId(String(payload.link))
  const people = await peopleOf(database, catalog, link)
  const user = people.get(link?.userId ?? '')
  if (!link || !user || user.IsActive !== true || user.IsDeleted === true)
    throw new PermanentFailure('The user is not active, so the link was not sent.')
  const issued = await links.issue(link)
  if (!issued) throw new PermanentFailure(linkProblem(link)?.message ?? 'The link is no longer good.')
  const kind = link.kind as SentKind
  const text = TEXTS[kind]({
    base,
    url: base + linkPath(kind, issued.token),
    username: String(user.Username),
    by: nameOf(people.get(link.createdBy)),
  })
  return { to: [String(user.Email)], cc: [], subject: SUBJECTS[kind], text: `${greeting(user)}\n\n${text}\n` }
}

async function peopleOf(
  database: Database,
  catalog: Catalog,
  link: OneTimeLink | undefined,
): Promise<ReadonlyMap<string, Row>> {
  const ids = [link?.userId, link?.createdBy].filter((id): id is string => Boolean(id))
  const fields = ['Name', 'FirstName', 'Username', 'Email', 'IsActive', 'IsDeleted']
  return readRows(database, catalog, catalog.object('User')!, ids, fields)
}

const nameOf = (user: Row | undefined): string | undefined => (user ? String(user.Name ?? user.Username) : undefined)

interface Facts {
  readonly base: string
  readonly url: string
  readonly username: string
  /** Absent: the user asked, or somebody in the user's name. */
  readonly by: string | undefined
}

const TEXTS: { readonly [kind in SentKind]: (facts: Facts) => string } = {
  invitation: ({ base, url, username, by = 'An administrator' }) =>
    `${by} has made an account for you at ${base}.
Your username is ${username}.

Choose your password here, within 7 days:
${url}

The link works once. If you did not expect it, you need not do anything.`,
  passwordReset: ({ base, url, username, by = 'Somebody, probably you,' }) =>
    `${by} asked for a new password for ${username} at ${base}.

Choose it here, within an hour:
${url}

The link works once. If you did not ask for it, you need not do anything: your password stays as it is.`,
}
