/** Whether live updates arrive: the shell shows a banner when they have not for a moment. */
class LiveState {
  status = $state<'idle' | 'connected' | 'reconnecting'>('idle')
  /** Counts up with every reconnection: what is on screen may have missed events and is read again. */
  generation = $state(0)
  lastError = $state<string>()

  connected(wasRetry: boolean) {
    if (wasRetry || this.status === 'reconnecting') this.generation++
    this.status = 'connected'
  }

  /** 1000 is our own goodbye. */
  closed(code: number) {
    this.status = code === 1000 ? 'idle' : 'reconnecting'
  }

  /** The server refused one subscription; the others go on. */
  failed(error: unknown) {
    this.lastError = Array.isArray(error) ? String(error[0]?.message ?? error[0]) : String(error)
  }
}

export const liveState = new LiveState()
