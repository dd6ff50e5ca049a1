/** Hand-made bugs of the rule-book. `node server/process/mutants.ts` puts each into a copy, runs the tests of the room and says which were not caught. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodeProcess from 'node:process'
import { fileURLToPath } from 'node:url'

interface Mutant {
  readonly bug: string
  readonly file: string
  readonly find: string
  readonly put: string
}
const mutant = (bug: string, file: string, find: string, put: string): Mutant => ({ bug, file, find, put })

export const MUTANTS: readonly Mutant[] = [
  mutant('violated at the target instead of a millisecond later', 'step/moments.ts', 'const missed = instance.target + 1', 'const missed = instance.target'),
  mutant('completed exactly on target is late', 'step/complete.ts', 'completion.at <= instance.target', 'completion.at < instance.target'),
  mutant('a pause that begins after the target moves it', 'clock.ts', 'span.to === null || span.from > at', 'span.to === null'),
  mutant('a pause that begins at the target does not count', 'clock.ts', 'span.to === null || span.from > at', 'span.to === null || span.from >= at'),
  mutant('pauses count in wall-clock time', 'clock.ts', 'paused += calendar.diff(span.from, span.to)', 'paused += span.to - span.from'),
  mutant('overlapping pauses count twice', 'clock.ts', 'last.to = span.to === null ? null : Math.max(last.to, span.to)', 'union.push({ ...span })'),
  mutant('pauses before the start count', 'clock.ts', 'from: Math.max(p.from, start)', 'from: p.from'),
  mutant('percent of the time up to the warning instead of before the target', 'clock.ts', '(total * step.offset.percent) / 100', '(total * (100 - step.offset.percent)) / 100'),
  mutant('date-time goals move with pauses', 'clock.ts', "goal.kind === 'at' && (goal.at === null || !goal.shift)", "goal.kind === 'at' && goal.at === null"),
  mutant('violation steps are not shifted by later pauses', 'clock.ts', 'pausesBehind(instance.pauses, target)', '[]'),
  mutant('lateness runs on in a pause', 'clock.ts', 'pausesBehind(pauses, target)', '[]'),
  mutant('a pause that began before the target takes from lateness', 'clock.ts', 'pausedOpen(calendar, pausesBehind(pauses, target)', 'pausedOpen(calendar, pauses'),
  mutant('the target counts from now when the item changes', 'step/govern.ts', 'targetWith(calendarOf(d.rules, instance), instance)\n  if (from', 'targetWith(calendarOf(d.rules, instance), change.itemChanged ? { ...instance, start: at } : instance)\n  if (from'),
  mutant('a superseded violation stays standing', 'step/govern.ts', "(to === null || at <= to || isFrozen(instance)))\n", '(to === null))\n'),
  mutant('a re-target fires warnings that are past', 'step/govern.ts', "  skipPastWarnings(d, instance, at, 're-target')\n", ''),
  mutant('a reset happens at every look', 'step/govern.ts', '!before.items[name]?.reset', 'true'),
  mutant('a reset starts again from the process', 'step/govern.ts', 'd.state.floor[instance.milestone] = at', 'void at'),
  mutant('hours are not followed', 'step/govern.ts', 'const hours = seen.hours ?? instance.hours', 'const hours = instance.hours'),
  mutant('recalculateOn never is not heeded', 'step/govern.ts', "recalculate === 'criteriaFields' && (seen", "recalculate !== 'always' && (seen"),
  mutant('timers of an old target stay valid', 'step/govern.ts', '  instance.armedAt = at\n', ''),
  mutant('a timer of an older target looks like a new one', 'step/govern.ts', '  instance.generation++\n', ''),
  mutant('a warning given for an old target stays', 'step/govern.ts', 'instance.warned = dues.some((due) => due !== null && due <= at)', 'instance.warned = true'),
  mutant('a step fires again after a re-target', 'step/fire.ts', '  if (instance.steps[step.key]) return\n', ''),
  mutant('skipped steps are not remembered', 'step/fire.ts', '  instance.steps[key] = { at, due, skipped: why }\n', ''),
  mutant('what a re-target skipped never waits again', 'step/govern.ts', '  waitAnew(d, instance, at)\n', ''),
  mutant('taken off by hand, a step waits again after a re-target', 'step/hand.ts', '!, byHand: true }', '! }'),
  mutant('every past repetition fires on late attach', 'step/start.ts', "  skipPastRepetitions(d, instance, at, 'late attach')\n", ''),
  mutant('repetitions that were missed fire one by one', 'step/fire.ts', 'if (step.of?.collapse) d.firings.set', 'if (!step.of) d.firings.set'),
  mutant('a repetition that was collapsed is not counted', 'step/fire.ts', '(one.missed ?? 1) + 1', '1'),
  mutant('late warnings fire', 'step/start.ts', 'if (!processOf(d)?.document.fireLateSteps)', 'if (processOf(d)?.document.fireLateSteps)'),
  mutant('no violation is marked late attach', 'step/fire.ts', 'instance.target < instance.attached', 'false'),
  mutant('a violation is raised again and again', 'step/fire.ts', '|| standing(instance)) return', ') return'),
  mutant('pausing disarms nothing', 'step/moments.ts', 'instance.silent || pausedSince(instance) !== null', 'instance.silent'),
  mutant('a paused milestone is violated', 'step/moments.ts', '!standing(instance) && !isFrozen(instance)', '!standing(instance)'),
  mutant('steps fire after the exit', 'step/moments.ts', 'instance.silent || pausedSince', 'pausedSince'),
  mutant('warnings never come by themselves', 'step/moments.ts', '!instance.warned && first < Infinity', 'false'),
  mutant('steps happen out of order', 'step/moments.ts', 'a.at - b.at ||', 'b.at - a.at ||'),
  mutant('Independent waits for the target', 'step/next-start.ts', "recurrence === 'Independent') return { item, fromProcess: false, at: completed }", "recurrence === 'Independent') return { item, fromProcess: false, at: Math.max(completed, last.target ?? 0) }"),
  mutant('Sequential starts at once', 'step/next-start.ts', 'at: Math.max(completed, last.target)', 'at: completed'),
  mutant('None recurs', 'step/next-start.ts', "?? 'None'\n", "?? 'None'\n  if (recurrence === 'None') return { item, fromProcess: false, at: Math.max(floor, last.completion!.at) }\n"),
  mutant('a cancelled instance counts as the one occurrence', 'step/next-start.ts', 'i.milestone === milestone && i.completion !== null)\n}', 'i.milestone === milestone && (i.completion !== null || i.cancelled !== null))\n}'),
  mutant('an item does not wait for others', 'step/next-start.ts', '(item.document.after ?? []).every(', '(item.document.after ?? []).slice(9).every('),
  mutant('an item that waits counts from the process', 'step/next-start.ts', "item.document.after?.length ? 'criteria' : 'process'", "'process'"),
  mutant('cancelled by hand comes back at once', 'step/hand.ts', 'd.state.declined.push(instance.milestone)', 'void instance'),
  mutant('a completion rule holds nothing back', 'step/start.ts', 'if (ready && rule === undefined) {', 'if (ready) {'),
  mutant('start and reset in another order: cancel first', 'step/evaluate.ts', '  reset(d, observation, before, at)\n  govern(d, observation, at)\n', '  govern(d, observation, at)\n  reset(d, observation, before, at)\n'),
  mutant('the exit before completion rules', 'step/evaluate.ts', '  completeByRules(d, observation, at)\n  if (observation.exit) return leave(d, at)\n', '  if (observation.exit) return leave(d, at)\n  completeByRules(d, observation, at)\n'),
  mutant('a momentary rule holds back until the next look', 'step/step.ts', 'if (Object.values(observation.items).some((seen) => seen.atRest !== undefined))', 'if (at < 0)'),
  mutant('started by hand, it outlives its process', 'step/govern.ts', '|| !process.milestones.includes(instance.milestone)', ''),
  mutant('cancelled for the wrong reason when the process changes', 'step/govern.ts', "d.switched ? 'process changed' : 'criteria no longer hold'", "'criteria no longer hold'"),
  mutant('what a rule completed long ago is reopened too', 'step/entry-exit.ts', 'd.completedNow.has(instance.key) && ', ''),
  mutant('exit cancels what is overdue', 'step/entry-exit.ts', "policy === 'auto' && !overdue", "policy === 'auto'"),
  mutant('the time outside counts', 'step/entry-exit.ts', '  if (from < at)\n    instance.pauses.push', '  if (from > at)\n    instance.pauses.push'),
  mutant('restart keeps the run', 'step/entry-exit.ts', 'run: d.state.run + 1', 'run: d.state.run'),
  mutant('resuming by hand removes every pause', 'step/hand.ts', "    if (!endPause(d.state.signals, HAND, at))", '    for (const p of d.state.signals) p.to ??= at\n    for (const i of openInstances(d.state)) for (const p of i.pauses) p.to ??= at\n    if (!d.state.signals.length)'),
  mutant('back-dating needs no reason', 'step/hand.ts', 'when < at && !event.reason', 'when < at && !event'),
  mutant('completed milestones move with the start', 'step/hand.ts', '!instance.fromProcess || instance.run', 'instance.run'),
  mutant('related events before the start complete', 'step/complete.ts', '|| happened < instance.start', ''),
  mutant('related events complete when they are noticed', 'step/complete.ts', "at: happened, by: 'related'", "at, by: 'related'"),
  mutant('a rule has no time of its own', 'step/complete.ts', 'seen.completeAt ?? at', 'at'),
  mutant('a rule completes before the start', 'step/complete.ts', 'Math.max(instance.start, Math.min(seen.completeAt ?? at, at))', 'Math.min(seen.completeAt ?? at, at)'),
  mutant('a rule completes in the future', 'step/complete.ts', 'Math.min(seen.completeAt ?? at, at)', '(seen.completeAt ?? at)'),
  mutant('each save of a related record is an event', 'observe/related.ts', ' || (prior && ask(watch, watch.when, prior) === true)', ''),
  mutant('late attach forgets the pauses it had', 'step/start.ts', 'pauses: pausesSince(d.state.signals, name, how.start)', 'pauses: pausesSince([], name, how.start)'),
  mutant('pauses of other items count', 'step/pauses.ts', 'source.startsWith(`${item}/`)', "source.includes('/')"),
  mutant('nothing due before an event happens before it', 'step/step.ts', '  settle(d, at)\n  act(d, at)\n', '  act(d, at)\n'),
  mutant('pauses while the record waits for its entry are lost', 'step/evaluate.ts', "=== 'waiting') return applySignals(d, observation, at)", "=== 'waiting') return"),
  mutant('reopened by hand, the pauses in between count', 'step/hand.ts', '  instance.pauses.push(...pausesSince(d.state.signals, instance.item, instance.completion.at))\n', ''),
  mutant('a step taken off by hand fires', 'step/hand.ts', '  skip(d, instance, event.step, at, moment.due, event.reason)\n', '  void skip\n'),
  mutant('a target set by hand is not the target', 'clock.ts', "set ? { kind: 'at', at: set.target, shift: set.movesWithPauses } : goal", 'void set ?? goal'),
  mutant('a target set by hand moves with pauses unasked', 'clock.ts', 'shift: set.movesWithPauses', 'shift: true'),
  mutant('pauses before it was set move a target set by hand', 'clock.ts', 'Math.max(instance.start, instance.manualTarget?.setAt ?? instance.start)', 'instance.start'),
  mutant('a target is set in the past', 'step/manual-target.ts', 'event.target <= at', 'event.target <= 0'),
  mutant('a target is set before the start', 'step/manual-target.ts', 'event.target <= instance.start', 'event.target <= 0'),
  mutant('a target is set without a reason', 'step/manual-target.ts', '  if (!event.reason)', '  if (!event)'),
  mutant('after the exit targets are still set', 'step/manual-target.ts', "d.state.phase === 'in' && ", ''),
  mutant('a target taken back stays', 'step/manual-target.ts', '  delete instance.manualTarget\n', ''),
  mutant('a target that is set to where it was is not told', 'step/govern.ts', ' && !change.what', ''),
  mutant('a fact can be taken off', 'step/hand.ts', 'm.instance === instance.key && m.step === event.step', 'm.instance === instance.key'),
  mutant('late attach is noticed one event later', 'step/step.ts', '  settle(d, at)\n  return result(d, state, at)', '  return result(d, state, at)'),
] // prettier-ignore

const room = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** A copy of the room in a package whose other rooms are the real ones. */
function workshop(): string {
  const folder = mkdtempSync(join(tmpdir(), 'milepost-mutants-'))
  mkdirSync(join(folder, 'server'))
  for (const name of ['node_modules', 'package.json', 'tsconfig.json'])
    symlinkSync(join(root, name), join(folder, name))
  for (const name of ['util', 'formula', 'business-hours', 'metadata'])
    cpSync(join(root, 'server', name), join(folder, 'server', name), {
      recursive: true,
      filter: (f) => !f.includes('/vectors') && !f.endsWith('.test.ts'),
    })
  cpSync(room, join(folder, 'server/process'), { recursive: true, filter: (f) => !f.endsWith('mutants.ts') })
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    "import { defineConfig } from 'vitest/config'\nexport default defineConfig({ test: { include: ['server/process/**/*.test.ts'], testTimeout: 60000 } })\n",
  )
  return folder
}

function caught(folder: string, tests: string[], histories: number): boolean {
  const command = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    folder,
    '--config',
    join(folder, 'vitest.config.ts'),
    '--bail',
    '1',
    ...tests,
  ]
  const { status } = spawnSync(nodeProcess.execPath, command, {
    cwd: folder,
    env: { ...nodeProcess.env, MILEPOST_HISTORIES: String(histories) },
    encoding: 'utf8',
    timeout: 300_000,
  })
  return status !== 0
}

function tryOne(folder: string, m: Mutant): string {
  const file = join(folder, 'server/process', m.file)
  const source = readFileSync(file, 'utf8')
  if (source.split(m.find).length !== 2) return 'its place is not found once'
  writeFileSync(
    file,
    source.replace(m.find, () => m.put),
  )
  const found =
    caught(folder, ['server/process/cases', 'server/process/step.test', 'server/process/vectors'], 0) ||
    caught(folder, ['server/process/properties'], 4000)
  writeFileSync(file, source)
  return found ? '' : 'not caught'
}

/** Prints each bug with what became of it; last `N caught, N not`. */
function main(pick: string | undefined): number {
  const folder = workshop()
  const chosen = MUTANTS.filter((m) => pick === undefined || new RegExp(pick).test(m.bug))
  try {
    if (caught(folder, ['server/process/cases', 'server/process/vectors', 'server/process/properties'], 400))
      throw new Error('The tests fail without any mutant.')
    const outcomes = chosen.map((m) => {
      const outcome = tryOne(folder, m)
      nodeProcess.stdout.write(`${outcome || 'caught'}: ${m.bug}\n`)
      return outcome
    })
    const missed = outcomes.filter(Boolean).length
    nodeProcess.stdout.write(`${outcomes.length - missed} caught, ${missed} not\n`)
    return missed > 0 ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) nodeProcess.exitCode = main(nodeProcess.argv[2])
