/** A formula while it is being written: checked a moment after each change, as the server will check it. */
import {
  compile,
  complete,
  format as laidOut,
  hover,
  LIMITS,
  measure,
  signatureAt,
  type CompiledFormula,
  type FormulaOptions,
  type Suggestions,
} from '#formula'
import type { Finding } from '#util'
import { messageOf } from '../api/errors.ts'
import type { FormulaScopes } from './formula-scope.svelte.ts'
import type { PlaceOptions } from './places.ts'

const PAUSE_MS = 140

export class FormulaState {
  /** Of the text as it was last checked. */
  findings = $state.raw<readonly Finding[]>([])
  formula = $state.raw<CompiledFormula>()
  checked = $state('')
  /** Metadata that could not be read: the check is not the last word then. */
  problem = $state<string>()
  readonly #scopes: FormulaScopes
  #source = ''
  #place: { readonly object: string; readonly options: PlaceOptions }
  #timer: ReturnType<typeof setTimeout> | undefined
  #run = 0

  constructor(scopes: FormulaScopes, object: string, options: PlaceOptions) {
    this.#scopes = scopes
    this.#place = { object, options }
  }

  readonly errors = $derived(this.findings.filter((finding) => finding.severity === 'error'))
  readonly size = $derived({ ...measure(this.checked), most: LIMITS.characters, mostParts: LIMITS.nodes })

  get options(): FormulaOptions {
    return { ...this.#place.options, scope: this.#scopes.scope(this.#place.object) }
  }

  /** Another text, or the same one in another place (it gives another type now): checked after a pause in typing. */
  write(source: string, options: PlaceOptions = this.#place.options, wait = PAUSE_MS): void {
    this.#source = source
    this.#place = { ...this.#place, options }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.check(), wait)
  }

  async check(): Promise<void> {
    clearTimeout(this.#timer)
    const run = ++this.#run
    const source = this.#source
    // An empty box is where everybody begins, not a mistake.
    if (source.trim() === '') return this.#show(source, { findings: [] })
    try {
      const result = await this.#scopes.settled(() => compile(source, this.options))
      if (run === this.#run) this.#show(source, result)
    } catch (error) {
      if (run === this.#run) this.problem = messageOf(error)
    }
  }

  #show(source: string, { formula, findings }: { formula?: CompiledFormula; findings: readonly Finding[] }): void {
    this.checked = source
    this.formula = formula
    this.findings = findings
    this.problem = undefined
  }

  complete = (offset: number): Promise<Suggestions> =>
    this.#scopes.settled(() => complete(this.#source, offset, this.options))
  hover = (offset: number) => hover(this.#source, offset, this.options)
  signature = (offset: number) => signatureAt(this.#source, offset)

  /** One that can't be read stays as it is. */
  format = (): string => laidOut(this.#source)

  dispose(): void {
    clearTimeout(this.#timer)
    this.#run++
  }
}
