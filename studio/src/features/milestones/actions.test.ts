import { expect, test } from 'vitest'
import { handActions } from './actions.ts'
import type { Milestone, MilestoneState } from './states.ts'

const milestone = (more: Partial<Milestone> = {}) => ({ CompletionDate: null, ...more }) as Milestone
const pausedBy = (...sources: string[]) => milestone({ Pauses: { nodes: sources.map((Source) => ({ Source })) } })
const completed = milestone({ CompletionDate: '2026-03-09T12:00:00.000Z' })

test.each<[string, Milestone, MilestoneState, boolean, readonly string[]]>([
  ['a running one is paused or cancelled', milestone(), 'Running', true, ['pause', 'setTarget', 'cancel']],
  ['an overdue one too', milestone(), 'Overdue', true, ['pause', 'setTarget', 'cancel']],
  ['its own pause is resumed', pausedBy('hand/this'), 'Paused', true, ['resume', 'setTarget', 'cancel']],
  [
    'the record’s pause is resumed as a whole',
    pausedBy('hand'),
    'Paused',
    true,
    ['resumeRecord', 'setTarget', 'cancel'],
  ],
  [
    'both',
    pausedBy('process/wait', 'hand', 'hand/this'),
    'Paused',
    true,
    ['resume', 'resumeRecord', 'setTarget', 'cancel'],
  ],
  ['a rule’s pause ends by itself', pausedBy('process/wait'), 'Paused', true, ['setTarget', 'cancel']],
  ['unseen pauses: the server knows', milestone(), 'Paused', true, ['resume', 'resumeRecord', 'setTarget', 'cancel']],
  ['a target that was set by hand is taken back', milestone({ IsTargetManual: true }), 'Running', true, ['pause', 'setTarget', 'clearTarget', 'cancel']], // prettier-ignore
  ['left open by the exit', milestone(), 'Overdue', false, ['cancel']],
  ['a completed one is reopened', completed, 'Met late', true, ['reopen']],
  ['not after the exit', completed, 'Met', false, []],
  ['a cancelled one stays so', milestone(), 'Cancelled', true, []],
])('%s', (_, given, state, inProcess, expected) => {
  expect(handActions(given, state, inProcess)).toEqual(expected)
})
