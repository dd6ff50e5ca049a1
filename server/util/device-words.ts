const BROWSERS = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const
const SYSTEMS = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
] as const

/** `Firefox on Windows`: what a browser says of itself, in words; a program's own name otherwise. */
export function deviceWords(userAgent: string | null): string {
  const found = (list: readonly (readonly [string, RegExp])[]) =>
    list.find(([, form]) => form.test(userAgent ?? ''))?.[0]
  const [browser, system] = [found(BROWSERS), found(SYSTEMS)]
  if (!browser) return system ?? (userAgent?.split(/[/\s]/)[0] || 'Unknown device')
  return system ? `${browser} on ${system}` : browser
}
