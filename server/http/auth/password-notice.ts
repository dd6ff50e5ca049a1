/** The e-mail that tells a user that the password is another now: from where it was done, and what to do if it was not the user. */
import { PermanentFailure, type MailWriter } from '#automation'
import { displayText, readRows } from '#records'
import { deviceWords, type Row } from '#util'
import { originOf } from './sessions.ts'

export const CHANGED = 'Your password for Milepost was changed'

export const greeting = ({ FirstName }: Row): string => (FirstName ? `Hello ${String(FirstName)},` : 'Hello,')

const FIELDS = ['FirstName', 'Username', 'Email', 'Locale', 'TimeZone', 'IsActive', 'IsDeleted']

export async function passwordNotice(
  payload: Row,
  { database, catalog }: Parameters<MailWriter>[1],
  base: string | undefined,
): ReturnType<MailWriter> {
  const id = String(payload.user)
  const user = (await readRows(database, catalog, catalog.object('User')!, [id], FIELDS)).get(id)
  if (!user || user.IsActive !== true || user.IsDeleted === true)
    throw new PermanentFailure('The user is not active, so the notice was not sent.')
  const origin = await originOf(database, id, String(payload.session))
  const from = origin && `From: ${[deviceWords(origin.userAgent), origin.address].filter(Boolean).join(', ')}\n`
  const text = `${greeting(user)}

the password of ${String(user.Username)}${base === undefined ? '' : ` at ${base}`} was changed.

When: ${momentOf(payload.passwordChanged, user)}
${from ?? ''}
All other sessions were signed out. If it was you, you need not do anything.

If it was not you, choose another password at once: ${base === undefined ? '“Forgot your password?” on the sign-in page' : `${base}/forgot`} sends you a link. Then revoke the API tokens that you do not know, and tell your administrator.
`
  return { to: [String(user.Email)], cc: [], subject: CHANGED, text }
}

/** As the user reads times. */
const momentOf = (instant: Row[string] = null, { Locale, TimeZone }: Row): string =>
  displayText({ type: 'DateTime', scale: 0 }, instant, {
    ...(Locale ? { locale: String(Locale) } : {}),
    timeZone: String(TimeZone ?? 'UTC'),
    saysZone: true,
  }) ?? ''
