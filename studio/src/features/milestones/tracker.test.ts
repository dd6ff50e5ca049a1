import { expect, test } from 'vitest'
import type { Milestone } from './states.ts'
import { arrange } from './tracker.ts'

const at = (hour: number) => `2026-03-09T${String(hour).padStart(2, '0')}:00:00.000Z`
const milestone = (Name: string, Status: string, more: Partial<Milestone> = {}): Milestone =>
  ({ Id: `${Name}-${more.Run ?? 1}-${more.Cycle ?? 1}`, Name, Status, StartDate: at(9), TargetDate: at(12), CompletionDate: null, IsViolated: false, Run: 1, Cycle: 1, ...more }) // prettier-ignore
const names = (list: readonly Milestone[]) => list.map((m) => m.Id)

test('what could not be evaluated comes first, then what runs by due time; a milestone’s newest closed row stands for it; the rest is past', () => {
  const rows = [
    milestone('Update', 'Met', { Cycle: 1 }),
    milestone('Update', 'Running', { Cycle: 2, TargetDate: at(16) }),
    milestone('Resolve', 'Warning', { TargetDate: at(14) }),
    milestone('Respond', 'Met', { Cycle: 1 }),
    milestone('Respond', 'Met late', { Cycle: 2, StartDate: at(10) }),
    milestone('Visit', 'Cancelled', { Run: 0 }),
    milestone('Ship', 'Not evaluated', { StartDate: null, TargetDate: null }),
  ]
  const { open, done, past } = arrange(rows, Date.parse(at(11)))
  expect(names(open)).toEqual(['Ship-1-1', 'Resolve-1-1', 'Update-1-2'])
  expect(names(done)).toEqual(['Respond-1-2'])
  expect(names(past).sort()).toEqual(['Respond-1-1', 'Update-1-1', 'Visit-0-1'])
})
