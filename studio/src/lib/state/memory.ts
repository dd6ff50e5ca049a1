/** The last answers, shown at once when the same thing is asked again; the fresh answer follows. Forgotten at sign-out. */
const MOST = 30
const answers = new Map<string, unknown>()

export const remembered = <T>(question: string): T | undefined => answers.get(question) as T | undefined

/** Gives the answer back. */
export function remember<T>(question: string, answer: T): T {
  answers.delete(question)
  answers.set(question, answer)
  if (answers.size > MOST) answers.delete(answers.keys().next().value!)
  return answer
}

export const forgetAnswers = (): void => answers.clear()
