import { availableParallelism } from 'node:os'

/**
 * How test files are run, in every project. Two at a time on two cores too: while one waits for its database or its browser, the other thinks.
 * The files of a worker follow one another in one process, warm: no test leaves anything behind in a module.
 */
export const files = { maxWorkers: Math.max(2, availableParallelism() - 1), isolate: false }
