import { DatabaseError } from '#database'
import { uniqueField } from '#records'
import type { Actor } from '#records'
import type { Catalog } from '#metadata'
import type { Instant } from '#util'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import { CountError } from '../types.ts'
import type { FieldError, SaveOptions, SaveRequest, SaveResult } from '../types.ts'
import { SetUpError } from '../set-up/refuse-broken.ts'
import { isTaken } from './checks.ts'
import type { Draft, Run } from './draft.ts'
import { againWhenLate } from './late-upserts.ts'
import { resolveRequests } from './resolve.ts'
import { LoopError, ProcessError, save } from './save.ts'
import { dropDraft } from './undo.ts'

/** Most rows a call may save. */
const MAX_ROWS = 10_000

/** Thrown inside the transaction so that nothing of it stays. The drafts hold the errors; `because` is one of a record that nobody asked to save. */
class Refused extends Error {
  readonly because: FieldError | undefined
  constructor(because: FieldError | undefined) {
    super('refused')
    this.because = because
  }
}

export interface Saving {
  readonly context: RunContext
  readonly catalog: Catalog
  readonly actor: Actor
  /** Where each request is somebody else's. */
  readonly actors?: readonly Actor[]
  readonly now: Instant
  readonly options: SaveOptions
}

/** Saves a list of requests in one transaction, one result a request in the same order. */
export const saveAll = (saving: Saving, requests: readonly SaveRequest[]): Promise<SaveResult[]> =>
  againWhenLate(requests, saving.options.mode, (part) => saveOnce(saving, part))

async function saveOnce(saving: Saving, requests: readonly SaveRequest[]): Promise<SaveResult[]> {
  if (requests.length > MAX_ROWS)
    return requests.map((r) =>
      refused(r, {
        code: 'TOO_MANY',
        message: `One call saves at most ${MAX_ROWS} records. Send ${requests.length} in parts.`,
      }),
    )
  const unknown = requests.map((r) =>
    saving.catalog.object(r.object)
      ? undefined
      : refused(r, { code: 'UNKNOWN_OBJECT', message: `There is no object ${r.object}.` }),
  )
  if (unknown.some(Boolean)) return requests.map((r, i) => unknown[i] ?? refused(r, NOTHING_SAVED))
  let drafts: Draft[] = []
  let all: readonly Draft[] = []
  try {
    await inRun(
      saving.context,
      saving.catalog,
      { actor: saving.actor, cause: saving.options.cause ?? 'save', now: saving.now },
      async (run) => {
        all = run.drafts
        drafts = await selected(run, saving.options, await resolveRequests(run, requests, saving.actors))
        await save(run, (failed) => admit(run, saving, failed))
      },
    )
    return drafts.map(resultOf)
  } catch (error) {
    return recover(saving, requests, { drafts, all }, error)
  }
}

/** Without those that another save has taken out of the caller's filter since it found them. */
async function selected(run: Run, { stillMatching, expect }: SaveOptions, drafts: Draft[]): Promise<Draft[]> {
  const still = await stillMatching?.(
    drafts.map((draft) => draft.id),
    run.tx,
  )
  const left = still ? drafts.filter((draft) => still.has(draft.id)) : drafts
  if (still) for (const draft of drafts) if (!still.has(draft.id)) dropDraft(run, draft)
  if (expect !== undefined && left.length !== expect) throw new CountError(left.length, expect)
  return left
}

function admit(run: Run, { options }: Saving, failed: readonly Draft[]): void {
  if (failed.length === 0) return
  const other = failed.find((d) => d.index < 0)
  if (options.mode !== 'partial' || other) throw new Refused(other && errorOf(other))
  for (const draft of failed) dropDraft(run, draft)
}

/** A record that a delete rule would change may refuse it. */
const errorOf = ({ object, before, errors: [first] }: Draft): FieldError => ({
  code: first!.code,
  message: `${object.label} ${String(before?.[object.nameField.name] ?? '')}: ${first!.message}`,
})

/** Of a record that is right, when another of its call is not. */
export const NOTHING_SAVED: FieldError = {
  code: 'NOTHING_SAVED',
  message: 'Not saved, because another record of the same call was refused.',
}

async function recover(
  saving: Saving,
  requests: readonly SaveRequest[],
  { drafts, all }: { readonly drafts: readonly Draft[]; readonly all: readonly Draft[] },
  error: unknown,
): Promise<SaveResult[]> {
  if (error instanceof Refused) {
    const { because = NOTHING_SAVED } = error
    if (error.because && requests.length > 1 && saving.options.mode === 'partial') return oneByOne(saving, requests)
    return drafts.map((draft) =>
      draft.errors.length ? resultOf(draft) : { object: draft.object.name, errors: [because] },
    )
  }
  const known = knownError(error, all)
  if (!known) throw error
  if (requests.length > 1 && saving.options.mode === 'partial') return oneByOne(saving, requests)
  return requests.map((request) => refused(request, known))
}

/** What only the database or the rounds could find out: who of a partial call is to blame shows when each is saved alone. */
async function oneByOne(saving: Saving, requests: readonly SaveRequest[]): Promise<SaveResult[]> {
  const alone = { ...saving, options: { ...saving.options, expect: undefined } }
  const results: SaveResult[] = []
  for (const request of requests) results.push(...(await saveAll(alone, [request])))
  return results
}

function knownError(error: unknown, drafts: readonly Draft[]): FieldError | undefined {
  if (error instanceof LoopError) return { code: 'LOOP', message: error.message }
  if (error instanceof SetUpError)
    return { code: 'BUSINESS_HOURS', message: error.message, ...(error.field ? { field: error.field } : {}) }
  if (error instanceof DatabaseError && error.code === 'TOO_LARGE')
    return { code: 'TOO_LARGE', message: 'All the fields together hold more than a record of the database takes. Leave some of them blank.' } // prettier-ignore
  if (error instanceof ProcessError) return { code: 'PROCESS', message: error.message }
  for (const { object } of drafts) {
    const field = uniqueField(error, object)
    if (field) return { code: 'UNIQUE', field: field.name, message: isTaken(object, field) }
  }
  return undefined
}

const refused = (request: SaveRequest, error: FieldError): SaveResult => ({ object: request.object, errors: [error] })

function resultOf(draft: Draft): SaveResult {
  if (draft.errors.length) return { object: draft.object.name, errors: draft.errors }
  return { id: draft.id, object: draft.object.name, created: draft.operation === 'create', errors: [] }
}
