/** Monaco in our own tokens. It takes no CSS variables, so what they stand for now, light or dark, is read from the page. */
import * as monaco from 'monaco-editor/editor'

export const THEME = 'milepost'

const SYNTAX: { readonly [kind: string]: string } = {
  field: '--blue', function: '--violet', text: '--green', number: '--amber', keyword: '--accent-text', operator: '--text',
  punctuation: '--text-soft', comment: '--text-faint',
} // prettier-ignore

const COLOURS: { readonly [part: string]: string } = {
  'editor.background': '--surface',
  'editor.foreground': '--text',
  'editorCursor.foreground': '--text',
  'editor.selectionBackground': '--selected',
  'editor.placeholder.foreground': '--text-faint',
  'editorBracketMatch.background': '--selected',
  'editorBracketMatch.border': '--line-strong',
  'editorError.foreground': '--red-solid',
  'editorWarning.foreground': '--amber-solid',
  'editorWidget.background': '--raised',
  'editorWidget.foreground': '--text',
  'editorWidget.border': '--line-strong',
  'editorHoverWidget.background': '--raised',
  'editorHoverWidget.foreground': '--text',
  'editorHoverWidget.border': '--line-strong',
  'editorHoverWidget.highlightForeground': '--accent-text',
  'editorSuggestWidget.background': '--raised',
  'editorSuggestWidget.foreground': '--text',
  'editorSuggestWidget.border': '--line-strong',
  'editorSuggestWidget.highlightForeground': '--accent-text',
  'editorSuggestWidget.focusHighlightForeground': '--accent-text',
  'editorSuggestWidget.selectedBackground': '--selected',
  'editorSuggestWidget.selectedForeground': '--text',
  'editorSuggestWidget.selectedIconForeground': '--text',
  'symbolIcon.fieldForeground': '--blue',
  'symbolIcon.functionForeground': '--violet',
  'symbolIcon.moduleForeground': '--green',
  'symbolIcon.keywordForeground': '--accent-text',
  'symbolIcon.enumeratorMemberForeground': '--amber',
  descriptionForeground: '--text-soft',
  foreground: '--text',
  focusBorder: '--focus',
  'list.hoverBackground': '--hover',
  'list.highlightForeground': '--accent-text',
  'textLink.foreground': '--accent-text',
  'scrollbarSlider.background': '--line-strong',
  'scrollbarSlider.hoverBackground': '--control-line',
  'scrollbarSlider.activeBackground': '--control-line',
  'widget.shadow': '--line',
}

let painted = ''
/** Reads the page's colours and gives them to every editor, when they are others than before. */
export function paintTheme(): void {
  const probe = document.createElement('span')
  // A colour on its way to another one would be read as the old one.
  probe.style.transition = 'none'
  document.body.append(probe)
  const read = (token: string): string => {
    probe.style.color = `var(${token})`
    return hex(getComputedStyle(probe).color)
  }
  const rules = Object.entries(SYNTAX).map(([token, value]) => ({ token, foreground: read(value).slice(1) }))
  const colors = Object.fromEntries(Object.entries(COLOURS).map(([part, value]) => [part, read(value)]))
  const dark = lightness(colors['editor.background']!) < 0.5
  probe.remove()
  const now = JSON.stringify([rules, colors])
  if (now === painted) return
  painted = now
  monaco.editor.defineTheme(THEME, { base: dark ? 'vs-dark' : 'vs', inherit: true, rules, colors })
  monaco.editor.setTheme(THEME)
}

/** `rgb(26, 26, 33)` → `#1a1a21`. */
function hex(color: string): string {
  const parts = color.match(/[\d.]+/g)?.slice(0, 3).map(Number) ?? [0, 0, 0] // prettier-ignore
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

const lightness = (color: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
  return 0.3 * r + 0.6 * g + 0.1 * b
}
