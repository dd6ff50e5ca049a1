/** Asks no more often than every `ms`, however many want the answer; those who come while it is asked share it. */
export function atMostEvery<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () =>
    (asked ??= ask().finally(() => {
      setTimeout(() => (asked = undefined), ms).unref()
    }))
}
