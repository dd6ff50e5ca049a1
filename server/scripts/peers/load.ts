/** What the load is told and tells; see programs/press.ts. */
export interface Load {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** Sent in turn; NUMBER in one becomes another number each time. */
  readonly bodies: readonly string[]
  /** The first number. */
  readonly from: number
  readonly connections: number
  readonly seconds: number
  /** What every right answer holds. */
  readonly expect: string
}

export interface Pressed {
  readonly count: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

export const NUMBER = '#########'
