import type { SaveRequest } from '#automation'

const OPEN = [['09:00', '17:00']]
const MILESTONES = ['First Response', 'Resolution Time', 'Dispatch', 'Work Completed', 'Kickoff Held', 'Go-Live']

/** The set-up rows that the shipped processes name: their hours and milestones. */
export function processRows(): Extract<SaveRequest, { operation: 'create' }>[] {
  const Hours = { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN }
  return [
    {
      operation: 'create',
      object: 'BusinessHours',
      values: { Name: 'US Support', IsActive: true, TimeZone: 'America/New_York', Hours },
    },
    ...MILESTONES.map((Name) => ({
      operation: 'create' as const,
      object: 'Milestone',
      values: { Name, RecurrenceType: 'None' },
    })),
  ]
}
