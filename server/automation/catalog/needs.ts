import { documentPath } from '#metadata'
import type { PlanStep } from '#metadata'
import type { Finding } from '#util'

export const ASK = 'Ask somebody who has the permission manageUsers.'

export const needsManageUsers = ({ kind, name }: PlanStep, why: string): Finding => ({
  code: 'NO_ACCESS',
  severity: 'error',
  file: documentPath(kind, name),
  message: `You may not change ${name}: ${why}, which takes the permission manageUsers.`,
  hint: ASK,
})
