export interface Shortcut {
  /** `mod+k`, `/`, `?`, `c`, or a sequence such as `g o`. */
  readonly keys: string
  readonly label: string
  readonly group: string
  readonly run: () => unknown
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  (target as HTMLInputElement).type !== 'checkbox'

const nameOf = (event: KeyboardEvent): string =>
  event.metaKey || event.ctrlKey
    ? `mod+${event.key.toLowerCase()}`
    : event.key.length === 1
      ? event.key.toLowerCase()
      : event.key

/** Single keys and short sequences, as in Linear; none of them acts while somebody types or a dialog is open. */
class Shortcuts {
  list = $state.raw<readonly Shortcut[]>([])
  #pending = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Adds shortcuts until the returned function is called. */
  add(shortcuts: readonly Shortcut[]): () => void {
    this.list = [...this.list, ...shortcuts]
    return () => (this.list = this.list.filter((s) => !shortcuts.includes(s)))
  }

  handle(event: KeyboardEvent): void {
    const name = nameOf(event)
    if (
      event.defaultPrevented ||
      event.altKey ||
      (isTyping(event.target) && name !== 'mod+k') ||
      document.querySelector('dialog[open]')
    )
      return
    const keys = this.#pending ? `${this.#pending} ${name}` : name
    // The newest wins: a page's own key stands before the shell's.
    const found = this.list.findLast((s) => s.keys === keys)
    if (found) {
      event.preventDefault()
      this.#wait('')
      void found.run()
    } else this.#wait(this.list.some((s) => s.keys.startsWith(`${keys} `)) ? keys : '')
  }

  #wait(pending: string) {
    clearTimeout(this.#timer)
    this.#pending = pending
    if (pending) this.#timer = setTimeout(() => (this.#pending = ''), 1200)
  }
}

export const shortcuts = new Shortcuts()
