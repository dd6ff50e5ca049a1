/** A message that will fail again however often it is tried: it is dead at once. */
export class PermanentFailure extends Error {}

/** The receiver answered and did not take this message; others may well go through, so it says nothing against the host. */
export class MessageRefused extends Error {}

/** The message stays in the outbox until somebody has done what this says and sends it again. */
export class HeldBack extends Error {}

/** The host can't be reached, does not answer or has too much to do. */
export const isHostFailure = (error: unknown): boolean =>
  ![PermanentFailure, MessageRefused, HeldBack].some((kind) => error instanceof kind)
