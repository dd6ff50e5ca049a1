import type { Actor } from '#records'

/** May this actor do what only those may who look after processes: versions, timers, messages? */
export const mayManage = ({ system, permissions }: Actor): boolean =>
  system !== undefined || permissions.system.has('manageProcesses') || permissions.system.has('manageMetadata')
