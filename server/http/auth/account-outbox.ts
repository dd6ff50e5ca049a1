/** Puts e-mails about accounts into the outbox. A row says who it is for and what it is about; address and text are made as it is sent. */
import { randomUUID } from 'node:crypto'
import { automationActor, hostOf, type Engine } from '#automation'
import type { Caller } from '#graphql'
import { formatInstant, type Row } from '#util'

export interface AccountMail {
  readonly user: NonNullable<Caller['user']>
  readonly subject: string
  readonly payload: Row
}

export async function queueAccountMail(engine: Engine, { user, subject, payload }: AccountMail): Promise<void> {
  const values = {
    Name: `${subject} → ${user.name}`.slice(0, 255),
    Kind: 'Email',
    Host: hostOf('Email'),
    Status: 'Pending',
    Recipients: user.name,
    ParentId: user.id,
    Subject: subject,
    IdempotencyKey: randomUUID(),
    Payload: payload,
    Attempts: 0,
    NextAttemptDate: formatInstant(engine.database.clock.now()),
  }
  const [saved] = await engine.save(automationActor(subject), [
    { operation: 'create', object: 'OutboxMessage', values },
  ])
  if (!saved?.id) throw new Error(`The e-mail could not be queued: ${JSON.stringify(saved?.errors)}`)
}
