/** How often a password may be tried, and by whom. */
import type { Request } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import type { Asker } from './passwords.ts'
import type { Limit } from './throttle.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** What one subscriber has of IPv6. */
const IPV6_NETWORK = 64

/** Of IPv6 the network, which is all one subscriber's. */
export const addressOf = ({ ip }: Request): string => ipKeyGenerator(ip ?? '', IPV6_NETWORK)

export interface Attempt {
  readonly address: string
  /** The user's id, or the name when nobody has it: both are slowed down alike. */
  readonly account: string
  /** A device from which this account has been signed in to. */
  readonly device: string | undefined
}

/**
 * On a known device only what was tried there counts. Elsewhere: by address and account, by address (many accounts from one place), and by account
 * (one account from many places), which is lavish, because others can use it up.
 */
export function signInLimits({ address, account, device }: Attempt): Limit[] {
  if (device) return [{ key: `device ${device} ${account}`, burst: 10, every: MINUTE }]
  return [
    { key: `address ${address} ${account}`, burst: 10, every: MINUTE },
    addressLimit(address),
    { key: `account ${account}`, burst: 100, every: 10 * SECOND },
  ]
}

export const addressLimit = (address: string): Limit => ({ key: `address ${address}`, burst: 30, every: 10 * SECOND })

/** Of whoever has a session of that account. */
export const passwordChangeLimit = (userId: string): Limit => ({ key: `password ${userId}`, burst: 10, every: MINUTE })

/** Lavish: nobody guesses a token, and a whole office may come in from one address. */
export const linkLimit = (address: string): Limit => ({ key: `link ${address}`, burst: 120, every: SECOND })

/** Of requests for an e-mail: each costs somebody something. */
export const forgotLimit = (address: string): Limit => ({ key: `forgot ${address}`, burst: 10, every: 90 * SECOND })

export const strengthLimit = (address: string): Limit => ({ key: `strength ${address}`, burst: 60, every: SECOND })

export const askerOf = ({ address, device }: Attempt): Asker =>
  device ? { lane: device, known: true } : { lane: address }
