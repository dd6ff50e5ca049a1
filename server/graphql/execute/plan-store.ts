/** Plans of an operation by the shape of its variables. They hang on the parsed document, so they go when the document cache lets it go. */
import type { Prepared } from '../plan/planner.ts'
import { shapeOf, type Pin, type Variables } from '../plan/arguments.ts'
import type { SelectedField } from '../plan/selections.ts'

export interface PlannedField {
  readonly field: SelectedField
  /** Absent: not a query of records, graphql-js runs it. */
  readonly prepared?: Prepared
}

export type OperationPlan = readonly PlannedField[]

const MAX_SHAPES = 200

class Shapes<T> {
  readonly pins = new Set<string>()
  readonly #byShape = new Map<string, T>()

  get(key: string, variables: Variables): T | undefined {
    return this.#byShape.get(key + shapeOf(variables, this.pins))
  }

  /** The key is made after planning: by then it is known which variables the plan holds for only by value. */
  set(key: string, variables: Variables, plan: T): T {
    if (this.#byShape.size >= MAX_SHAPES) this.#byShape.clear()
    this.#byShape.set(key + shapeOf(variables, this.pins), plan)
    return plan
  }
}

/** Keyed by an AST node, then by `key` (who asks: the permissions' key holds the catalog version) and shape. */
export class PlanStore<T> {
  readonly #nodes = new WeakMap<object, Shapes<T>>()

  get(node: object, key: string, variables: Variables): T | undefined {
    return this.#nodes.get(node)?.get(key, variables)
  }

  getOrMake(node: object, key: string, variables: Variables, make: (pin: Pin) => T): T {
    let shapes = this.#nodes.get(node)
    if (!shapes) this.#nodes.set(node, (shapes = new Shapes<T>()))
    const { pins } = shapes
    return (
      shapes.get(key, variables) ??
      shapes.set(
        key,
        variables,
        make((name) => void pins.add(name)),
      )
    )
  }
}

export type OperationPlans = PlanStore<OperationPlan>
