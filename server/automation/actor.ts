import { systemActor } from '#records'
import type { Actor } from '#records'

/** Who the platform itself saves as: the user *Automation*, made with the organisation. */
export const AUTOMATION_USER_ID = '005000000000000001'

/**
 * An actor without limits; the reason stands in the log of what it does. `behalf`: whose wish it carries out; then system permissions, which no
 * object or field grant stands for, are that actor's.
 */
export const automationActor = (reason: string, behalf?: Actor): Actor => ({
  ...systemActor(reason),
  userId: AUTOMATION_USER_ID,
  ...(behalf && { permissions: behalf.permissions }),
})
