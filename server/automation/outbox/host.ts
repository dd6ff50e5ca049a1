import type { Row } from '#util'

/** All e-mails go to one server. No host of a webhook has a blank in its name. */
const MAIL_SERVER = 'mail server'

/** The lane of a message: the host, with its port, that receives the webhook, or the mail server. */
export const hostOf = (kind: unknown, payload?: Row): string =>
  kind === 'Email' ? MAIL_SERVER : (URL.parse(String(payload?.url))?.host ?? 'unknown').slice(0, 255)
