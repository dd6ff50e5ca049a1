/** business-hours: calendars compiled to open intervals, and the arithmetic of open time. It refuses to know the time of day it is now, records, processes and where definitions are kept. */
export { compileCalendar, versionOf } from './compile.ts'
export type { CompileOptions, CompileResult } from './compile.ts'
export { parseDate, parseTimeOfDay } from './clock-text.ts'
export { readDuration } from './durations.ts'
export type { DurationResult } from './durations.ts'
export * from './types.ts'
