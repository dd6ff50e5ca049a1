export interface Toast {
  readonly id: number
  readonly tone: 'success' | 'error' | 'info'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => unknown }
}

/** Short messages at the bottom. They stay at least 8 s, wait while pointed at or focused, and an error stays until it is closed. */
export class Toasts {
  list = $state<readonly Toast[]>([])
  #next = 1
  #timers = new Map<number, ReturnType<typeof setTimeout>>()
  readonly lifeMs: number

  constructor(lifeMs = 8000) {
    this.lifeMs = lifeMs
  }

  show(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): number {
    const toast: Toast = {
      id: this.#next++,
      tone: options.tone ?? 'success',
      text,
      ...(options.action ? { action: options.action } : {}),
    }
    this.list = [...this.list.slice(-3), toast]
    this.resume(toast)
    return toast.id
  }

  error(text: string) {
    return this.show(text, { tone: 'error' })
  }

  close(id: number) {
    this.#stop(id)
    this.list = this.list.filter((toast) => toast.id !== id)
  }

  act(toast: Toast) {
    this.close(toast.id)
    void toast.action?.run()
  }

  pause() {
    for (const toast of this.list) this.#stop(toast.id)
  }

  resumeAll() {
    for (const toast of this.list) this.resume(toast)
  }

  resume(toast: Toast) {
    this.#stop(toast.id)
    if (toast.tone !== 'error')
      this.#timers.set(
        toast.id,
        setTimeout(() => this.close(toast.id), this.lifeMs),
      )
  }

  #stop(id: number) {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
  }
}

export const toasts = new Toasts()
