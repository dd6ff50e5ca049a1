const KEY = 'milepost.signedIn'

/** Whether this browser was signed in when it was last here: what to ask first, not who is here. Without storage: no. */
export const visits = {
  get signedIn(): boolean {
    try {
      return localStorage.getItem(KEY) === '1'
    } catch {
      return false
    }
  },
  note(signedIn: boolean): void {
    try {
      if (signedIn) localStorage.setItem(KEY, '1')
      else localStorage.removeItem(KEY)
    } catch {
      // Two requests instead of one, next time.
    }
  },
}
