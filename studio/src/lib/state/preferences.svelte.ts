export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

const KEY = 'milepost.preferences'

/** How this person likes the studio on this device. */
class Preferences {
  theme = $state<Theme>('system')
  density = $state<Density>('comfortable')
  /** WCAG 2.2.2: countdowns move every second, or every minute. */
  calmCountdowns = $state(false)

  constructor() {
    try {
      Object.assign(this, JSON.parse(localStorage.getItem(KEY) ?? '{}'))
    } catch {
      // Blocked or broken storage only means the defaults.
    }
    this.#show()
  }

  set(change: Partial<Pick<Preferences, 'theme' | 'density' | 'calmCountdowns'>>) {
    Object.assign(this, change)
    this.#show()
    try {
      localStorage.setItem(
        KEY,
        JSON.stringify({ theme: this.theme, density: this.density, calmCountdowns: this.calmCountdowns }),
      )
    } catch {
      // It holds for this page then.
    }
  }

  #show() {
    document.documentElement.dataset['theme'] = this.theme
    document.documentElement.dataset['density'] = this.density
  }
}

export const preferences = new Preferences()
