/** graphql-js runs only a mutation's root fields one after the other. The fields of a namespace (`process { … }`) take turns by what their root field resolves to. */
export interface Turns {
  last: Promise<unknown>
}

export const newTurns = (): Turns => ({ last: Promise.resolve() })

/** Does the work when all that was asked before it is done, well or badly. */
export function inTurn<T>({ turns }: { readonly turns: Turns }, work: () => Promise<T>): Promise<T> {
  const done = turns.last.then(work)
  turns.last = done.catch(() => undefined)
  return done
}
