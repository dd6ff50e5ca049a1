import { systemActor } from '#records'
import type { Actor } from '#records'

/** Who the platform itself saves as: the user *Automation*, made with the organisation. */
export const AUTOMATION_USER_ID = '005000000000000001'

/** An actor without limits; the reason stands in the log of what it does. */
export const automationActor = (reason: string): Actor => ({ ...systemActor(reason), userId: AUTOMATION_USER_ID })
