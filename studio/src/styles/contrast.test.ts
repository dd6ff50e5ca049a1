import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((m) => [m[1], [m[2], m[3]]]),
)

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const surfaces = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected']
const states = ['blue', 'amber', 'red', 'green', 'violet', 'grey']
/** foreground, background, least ratio (WCAG 1.4.3 text 4.5, 1.4.11 graphics and control borders 3). */
const pairs: [string, string, number][] = [
  ...['text', 'text-soft', 'text-faint', 'accent-text'].flatMap((text) =>
    surfaces.map((s): [string, string, number] => [text, s, 4.5]),
  ),
  ...states.flatMap((s): [string, string, number][] => [
    [s, `${s}-soft`, 4.5],
    [s, 'surface', 4.5],
    [s, 'raised', 4.5],
    [s, 'sunken', 4.5],
    [s, 'hover', 4.5],
    [s, 'selected', 4.5],
  ]),
  ...states.filter((s) => s !== 'amber').map((s): [string, string, number] => [`${s}-solid`, 'surface', 3]),
  ['text-on-accent', 'accent', 4.5],
  ['text-on-accent', 'accent-hover', 4.5],
  ['text-on-accent', 'red-strong', 4.5],
  ['focus', 'surface', 3],
  ['focus', 'canvas', 3],
  ['control-line', 'surface', 3],
  ['control-line', 'raised', 3],
]

describe.each(['light', 'dark'])('contrast in the %s theme', (theme) => {
  const column = theme === 'light' ? 0 : 1
  test.each(pairs)('%s on %s is at least %s', (foreground, background, least) => {
    expect(contrast(tokens.get(foreground)![column]!, tokens.get(background)![column]!)).toBeGreaterThanOrEqual(least)
  })
})
