/** A change of metadata on its way: planned, shown, applied. What the server finds is said beside the inputs that it is about. */
import { messageOf } from '$lib/api/errors.ts'
import { applyPlan, documentKey, planChange, type Answers, type DocumentChange, type Finding, type Plan, type Question } from '$lib/api/set-up.ts' // prettier-ignore

/** Asks the server for a plan; `agreed` to what it loses, with answers to what it asked. */
export type Planner = (agreed: boolean, answers: Answers) => Promise<Plan>

/** The errors that the person who plans can lift: by agreeing, and by answering. */
const OPEN = ['DESTRUCTIVE', 'WHICH_DOCUMENT']

export class Change {
  plan = $state.raw<Plan>()
  errors = $state.raw<{ readonly [input: string]: string }>({})
  general = $state.raw<readonly string[]>([])
  busy = $state(false)
  /** Somebody agreed to what the plan loses. */
  agreed = $state(false)
  /** The plan may be applied as it is shown. */
  ready = $derived(this.plan !== undefined && !this.plan.findings.some((f) => f.severity === 'error'))
  /** What was answered to the plan's questions, and what they were. */
  answers = $state.raw<Answers>(new Map())
  questions = $state.raw<readonly Question[]>([])
  #planner: Planner | undefined
  readonly #inputs: readonly string[]

  /** `inputs` are the document's keys that have an input of their own. */
  constructor(inputs: readonly string[]) {
    this.#inputs = inputs
  }

  /** Whatever is changed after planning makes the plan stale. */
  touched() {
    this.plan = undefined
  }

  /** The form's own look before the server's. */
  refuse(problems: { readonly [input: string]: string | undefined }): boolean {
    this.errors = Object.fromEntries(Object.entries(problems).filter((e): e is [string, string] => Boolean(e[1])))
    this.general = []
    return Object.keys(this.errors).length > 0
  }

  makePlan(changes: readonly DocumentChange[]): Promise<void> {
    return this.planWith((agreed, answers) => planChange(changes, agreed, answers))
  }

  planWith(planner: Planner): Promise<void> {
    this.#planner = planner
    this.answers = new Map()
    this.questions = []
    return this.agree(false)
  }

  /** Plans again with the answer; without an id it is a new one. A question that was answered stays, so that it can be answered otherwise. */
  answer(question: Question, id: string | undefined): Promise<void> {
    const answer = id === undefined ? { isNew: true as const } : { sameAs: id }
    this.answers = new Map([...this.answers, [documentKey(question), answer]])
    return this.agree(false)
  }

  /** Plans again, so that what is agreed to is what is shown. */
  async agree(agreed: boolean): Promise<void> {
    await this.#working(async () => {
      const plan = await this.#planner?.(agreed, this.answers)
      const errors = plan?.findings.filter((f) => f.severity === 'error' && !OPEN.includes(f.code)) ?? []
      this.agreed = agreed
      this.questions = [
        ...new Map([...this.questions, ...(plan?.questions ?? [])].map((q) => [documentKey(q), q])).values(),
      ]
      this.#tell(errors)
      this.plan = errors.length > 0 ? undefined : plan
    })
  }

  /** The new catalog version, or undefined when something is in the way. */
  async apply(): Promise<number | undefined> {
    const { plan } = this
    if (!plan) return undefined
    return this.#working(async () => {
      const { version, findings } = await applyPlan(plan.planId)
      this.#tell(findings)
      return findings.some((f) => f.severity === 'error') ? undefined : version
    })
  }

  #tell(findings: readonly Finding[]) {
    const errors = findings.filter((f) => f.severity === 'error')
    const inputOf = (f: Finding) => this.#inputs.find((name) => f.path?.split(/[.[]/)[0] === name)
    const words = (f: Finding) => `${f.message}${f.hint ? ` ${f.hint}` : ''}`
    this.errors = Object.fromEntries(errors.flatMap((f) => (inputOf(f) ? [[inputOf(f)!, words(f)]] : [])))
    this.general = errors.filter((f) => !inputOf(f)).map(words)
  }

  async #working<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.busy = true
    try {
      return await work()
    } catch (error) {
      this.general = [messageOf(error)]
      return undefined
    } finally {
      this.busy = false
    }
  }
}
