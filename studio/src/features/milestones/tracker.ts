/** How a record's milestones are laid out: what runs now by due time, then what is done in this run, then past cycles and runs. */
import { isOpen, stateOf, type Milestone } from './states.ts'

export interface Tracked {
  readonly open: readonly Milestone[]
  readonly done: readonly Milestone[]
  readonly past: readonly Milestone[]
}

const time = (text: string | null): number => (text ? Date.parse(text) : Number.POSITIVE_INFINITY)

/** Nobody knows when it is due: it stands first. */
const isUnknown = ({ Status }: Milestone): boolean => Status === 'Not evaluated'

/** A milestone's newest row stands for it; its earlier cycles, and those of earlier runs, are past. */
export function arrange(milestones: readonly Milestone[], now: number): Tracked {
  const open = milestones
    .filter((m) => isOpen(stateOf(m, now)) || m.Status === 'Not started' || isUnknown(m))
    .sort((a, b) => Number(isUnknown(b)) - Number(isUnknown(a)) || time(a.TargetDate) - time(b.TargetDate))
  const busy = new Set(open.map((m) => m.Name))
  const run = Math.max(0, ...milestones.map((m) => Number(m.Run ?? 0)))
  const closed = milestones
    .filter((m) => !open.includes(m))
    .sort((a, b) => time(b.StartDate) - time(a.StartDate) || Number(b.Cycle ?? 0) - Number(a.Cycle ?? 0))
  const seen = new Set<string>(busy)
  const done: Milestone[] = []
  const past: Milestone[] = []
  for (const m of closed) {
    const newest = !seen.has(m.Name) && Number(m.Run ?? 0) === run
    seen.add(m.Name)
    ;(newest ? done : past).push(m)
  }
  return { open, done, past }
}
