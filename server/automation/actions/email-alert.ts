import type { Recipient } from '#metadata'
import { ActionFailure } from './action.ts'
import type { ActionContext, Perform } from './action.ts'
import { merge, mergeHtml, readerOf } from './merge.ts'
import { queueMessage } from './outbox-message.ts'
import { addressesOf, personId, roleHolders } from './people.ts'
import type { Addressee } from './people.ts'

/** An e-mail made from a template; it leaves through the outbox after the commit. */
export const emailAlert: Perform<'EmailAlert'> = async (context) => {
  const { document, run } = context
  const template = run.catalog.emailTemplates.get(document.template)
  if (!template) throw new ActionFailure(`There is no e-mail template ${document.template} any more. Mend the action.`)
  const to = await resolve(context, document.recipients)
  if (to.length === 0) throw new ActionFailure('None of the recipients has an e-mail address.')
  const copy = (await resolve(context, document.cc ?? [])).filter(
    (copied) => !to.some((one) => sameAddress(one, copied)),
  )
  const said = context.said(readerOf(run, to))
  const addresses = to.map(({ address }) => address)
  queueMessage(
    context,
    'Email',
    addresses.join(', '),
    {
      to: addresses,
      cc: copy.map(({ address }) => address),
      subject: merge(template.subject, said).replace(/[\r\n]+/g, ' '),
      text: merge(template.body, said),
      ...(template.html === undefined ? {} : { html: mergeHtml(template.html, said) }),
    },
    [...to, ...copy].flatMap(({ source }) => source ?? []),
  )
}

async function resolve(context: ActionContext<'EmailAlert'>, recipients: readonly Recipient[]): Promise<Addressee[]> {
  const found: Addressee[] = []
  for (const recipient of recipients) found.push(...(await addressees(context, recipient)))
  return found.filter((each, i) => found.findIndex((one) => sameAddress(one, each)) === i)
}

/** Nobody gets the same message twice for a capital letter. */
const sameAddress = (a: Addressee, b: Addressee): boolean => a.address.toLowerCase() === b.address.toLowerCase()

async function addressees(context: ActionContext<'EmailAlert'>, recipient: Recipient): Promise<Addressee[]> {
  const own = (field: string) => context.draft.changes[field] ?? context.draft.before?.[field]
  const people = (id: unknown) => (typeof id === 'string' ? addressesOf(context.run, [id]) : Promise.resolve([]))
  if (recipient === 'owner') return people(own('OwnerId'))
  if (recipient === 'creator') return people(own('CreatedById'))
  if ('address' in recipient) return [{ address: recipient.address }]
  if ('group' in recipient) return people(await personId(context.run, recipient))
  if ('role' in recipient) return addressesOf(context.run, await roleHolders(context.run, recipient.role))
  const value = context.value(recipient.field)
  return typeof value === 'string' && value.includes('@') ? [{ address: value }] : people(value)
}
