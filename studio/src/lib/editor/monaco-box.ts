/** The one file that knows Monaco. A chunk of its own, asked for only where a formula is written; only what an editor of formulas needs is opted in. */
import * as monaco from 'monaco-editor/editor'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/parameterHints/register'
import 'monaco-editor/features/placeholderText/register'
import 'monaco-editor/features/wordOperations/register'
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import type { Finding } from '#util'
import type { Hover, Signature, Suggestion, Suggestions } from '#formula'
import { colourLine, snippetOf, type LineState } from './formula-language.ts'
import { paintTheme, THEME } from './monaco-theme.ts'

const LANGUAGE = 'milepost-formula'

/** What the editor asks about the formula in it; offsets in characters. */
export interface Answers {
  complete(offset: number): Promise<Suggestions>
  hover(offset: number): Hover | undefined
  signature(offset: number): Signature | undefined
  format(): string
}
export interface BoxOptions {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly answers: Answers
  readonly onchange: (value: string) => void
}
export interface Box {
  setValue(value: string): void
  setFindings(findings: readonly Finding[]): void
  /** Writes in place of the selection; the cursor comes to stand `back` characters before the end of it. */
  insert(text: string, back?: number): void
  /** Another text in place of all of it, as one step to undo. */
  replace(value: string): void
  undo(): void
  reveal(offset: number): void
  repaint(): void
  focus(): void
  dispose(): void
}

const answering = new Map<string, Answers>()
const of = (model: monaco.editor.ITextModel): Answers | undefined => answering.get(model.uri.toString())

let ready = false
function prepare(): void {
  if (ready) return
  ready = true
  monaco.languages.register({ id: LANGUAGE })
  monaco.languages.setLanguageConfiguration(LANGUAGE, {
    comments: { blockComment: ['/*', '*/'] },
    brackets: [['(', ')']],
    autoClosingPairs: ['()', '""', "''"].map((pair) => ({ open: pair[0]!, close: pair[1]!, notIn: ['text', 'comment'] })),
    surroundingPairs: ['()', '""'].map((pair) => ({ open: pair[0]!, close: pair[1]! })),
    wordPattern: /[A-Za-z$_][\w$]*|\d+(?:\.\d+)?/,
  }) // prettier-ignore
  monaco.languages.setTokensProvider(LANGUAGE, {
    getInitialState: () => lineState(''),
    tokenize: (line, state) => {
      const { tokens, endState } = colourLine(line, (state as OpenState).open)
      return { tokens: [...tokens], endState: lineState(endState) }
    },
  })
  monaco.languages.registerCompletionItemProvider(LANGUAGE, { triggerCharacters: ['.', ':', '$', '"', "'"], provideCompletionItems }) // prettier-ignore
  monaco.languages.registerHoverProvider(LANGUAGE, { provideHover })
  monaco.languages.registerSignatureHelpProvider(LANGUAGE, { signatureHelpTriggerCharacters: ['(', ','], provideSignatureHelp }) // prettier-ignore
}

interface OpenState extends monaco.languages.IState {
  readonly open: LineState
}
const lineState = (open: LineState): OpenState => ({
  open,
  clone: () => lineState(open),
  equals: (other) => (other as OpenState).open === open,
})

const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages
const ICONS: { readonly [kind in Suggestion['kind']]: monaco.languages.CompletionItemKind } = {
  field: CompletionItemKind.Field,
  relationship: CompletionItemKind.Module,
  function: CompletionItemKind.Function,
  value: CompletionItemKind.EnumMember,
  keyword: CompletionItemKind.Keyword,
}
const RANKS: readonly Suggestion['kind'][] = ['value', 'field', 'relationship', 'function', 'keyword']
const THEN: { readonly [kind in Suggestion['kind']]?: string } = {
  relationship: 'editor.action.triggerSuggest',
  function: 'editor.action.triggerParameterHints',
}

async function provideCompletionItems(model: monaco.editor.ITextModel, position: monaco.Position): Promise<monaco.languages.CompletionList> {
  const answers = of(model)
  if (!answers) return { suggestions: [] }
  const { replace, items } = await answers.complete(model.getOffsetAt(position))
  const [start, end] = [model.getPositionAt(replace.start), model.getPositionAt(replace.end)]
  const range = monaco.Range.fromPositions(start, end)
  const following = model.getValue().slice(replace.end, replace.end + 1)
  return {
    suggestions: items.map((item) => ({
      // The space keeps the two apart where they are read in one go.
      label: { label: item.label, ...(item.detail && item.kind !== 'function' ? { description: ` ${item.detail}` } : {}) },
      kind: ICONS[item.kind],
      insertText: snippetOf(item, following),
      insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet,
      filterText: `${item.label} ${item.detail ?? ''}`,
      sortText: `${RANKS.indexOf(item.kind)}${item.label}`,
      ...(item.detail ? { detail: item.detail } : {}),
      ...(item.documentation ? { documentation: item.documentation } : {}),
      ...(THEN[item.kind] ? { command: { id: THEN[item.kind]!, title: '' } } : {}),
      range,
    })),
  }
} // prettier-ignore

function provideHover(model: monaco.editor.ITextModel, position: monaco.Position): monaco.languages.Hover | undefined {
  const found = of(model)?.hover(model.getOffsetAt(position))
  if (!found) return undefined
  const range = monaco.Range.fromPositions(model.getPositionAt(found.at.start), model.getPositionAt(found.at.end))
  return { range, contents: [{ value: `**${plain(found.title)}**` }, { value: plain(found.text) }] }
}

/** Labels and help are text, whatever signs of Markdown they hold. */
const plain = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&')

function provideSignatureHelp(
  model: monaco.editor.ITextModel,
  position: monaco.Position,
): monaco.languages.SignatureHelpResult | undefined {
  const found = of(model)?.signature(model.getOffsetAt(position))
  if (!found) return undefined
  const signature = {
    label: found.signature,
    documentation: found.summary,
    parameters: found.parameters.map((label) => ({ label })),
  }
  const value = { signatures: [signature], activeSignature: 0, activeParameter: Math.max(0, found.active) }
  return { value, dispose: () => {} }
}

/** What an editor is drawn in: the text itself, and its lists and hints, which lie over everything else in the dialog. */
interface Room {
  readonly editor: monaco.editor.IStandaloneCodeEditor
  readonly text: HTMLElement
  readonly overflow: HTMLElement
}

function makeRoom(): Room {
  const [text, overflow] = [document.createElement('div'), document.createElement('div')]
  text.style.height = '100%'
  overflow.className = 'monaco-editor'
  const editor = monaco.editor.create(text, { ...SETTINGS, model: null, overflowWidgetsDomNode: overflow })
  const { Alt, Shift } = monaco.KeyMod
  editor.addCommand(Alt | Shift | monaco.KeyCode.KeyF, () => formatIn(editor))
  return { editor, text, overflow }
}

/** Making an editor costs more than all else about opening one: the last one that was closed waits for the next formula. */
let idle: Room | undefined
function takeRoom(): Room {
  const room = idle ?? makeRoom()
  idle = undefined
  return room
}
function leaveRoom(room: Room): void {
  room.editor.setModel(null)
  room.text.remove()
  room.overflow.remove()
  if (idle) room.editor.dispose()
  else idle = room
}

function formatIn(editor: monaco.editor.IStandaloneCodeEditor): void {
  const model = editor.getModel()
  const answers = model && of(model)
  if (answers) replaceAll(editor, answers.format())
}

/** An editor in `element`; its lists and hints are drawn in `overflow`, which must be in the same dialog. */
export function openBox(element: HTMLElement, overflow: HTMLElement, options: BoxOptions): Box {
  prepare()
  paintTheme()
  const model = monaco.editor.createModel(options.value, LANGUAGE)
  answering.set(model.uri.toString(), options.answers)
  const room = takeRoom()
  const { editor } = room
  element.append(room.text)
  overflow.append(room.overflow)
  editor.updateOptions({ ariaLabel: options.label, placeholder: options.placeholder })
  editor.setModel(model)
  editor.layout()
  model.onDidChangeContent(() => options.onchange(model.getValue()))
  return {
    setValue: (value) => value !== model.getValue() && model.setValue(value),
    setFindings: (findings) => monaco.editor.setModelMarkers(model, LANGUAGE, markersOf(model, findings)),
    insert: (text, back = 0) => insert(editor, text, back),
    replace: (value) => replaceAll(editor, value),
    undo: () => (editor.trigger('studio', 'undo', null), editor.focus()),
    reveal: (offset) => {
      const position = model.getPositionAt(offset)
      editor.setPosition(position)
      editor.revealPositionInCenterIfOutsideViewport(position)
      editor.focus()
    },
    repaint: paintTheme,
    focus: () => editor.focus(),
    dispose: () => {
      answering.delete(model.uri.toString())
      leaveRoom(room)
      model.dispose()
    },
  }
}

/** One step to undo; the cursor stays on the line it was on. */
function replaceAll(editor: monaco.editor.IStandaloneCodeEditor, text: string): void {
  const model = editor.getModel()
  const position = editor.getPosition()
  if (!model || text === model.getValue()) return
  editor.pushUndoStop()
  editor.executeEdits('replace', [{ range: model.getFullModelRange(), text }])
  editor.pushUndoStop()
  if (position) editor.setPosition(position)
  editor.focus()
}

const SETTINGS: monaco.editor.IStandaloneEditorConstructionOptions & { 'bracketPairColorization.enabled': boolean } = {
  theme: THEME,
  automaticLayout: true,
  fixedOverflowWidgets: true,
  // Tab goes on to the next control; an open list of suggestions still takes it.
  tabFocusMode: true,
  // A real <textarea>: the studio's single-key shortcuts and older screen readers know that somebody types.
  editContext: false,
  accessibilitySupport: 'auto',
  minimap: { enabled: false },
  lineNumbers: 'off',
  glyphMargin: false,
  folding: false,
  lineDecorationsWidth: 8,
  lineNumbersMinChars: 0,
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  scrollBeyondLastLine: false,
  renderLineHighlight: 'none',
  wordWrap: 'on',
  wordBasedSuggestions: 'off',
  occurrencesHighlight: 'off',
  // The flat key reaches the model too; the nested one does not.
  'bracketPairColorization.enabled': false,
  unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false },
  links: false,
  contextmenu: false,
  quickSuggestions: { other: true, strings: true, comments: false },
  quickSuggestionsDelay: 60,
  suggest: { showStatusBar: false, preview: false, showWords: false, snippetsPreventQuickSuggestions: false },
  parameterHints: { enabled: true, cycle: true },
  hover: { delay: 250, above: true },
  fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSize: 13,
  lineHeight: 20,
  padding: { top: 8, bottom: 8 },
  tabSize: 2,
  scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 10, useShadows: false },
}

function insert(editor: monaco.editor.IStandaloneCodeEditor, text: string, back: number): void {
  const range = editor.getSelection()
  const model = editor.getModel()
  if (!range || !model) return
  const start = model.getOffsetAt(range.getStartPosition())
  editor.pushUndoStop()
  editor.executeEdits('insert', [{ range, text, forceMoveMarkers: true }])
  editor.pushUndoStop()
  editor.setPosition(model.getPositionAt(start + text.length - back))
  editor.focus()
}

function markersOf(model: monaco.editor.ITextModel, findings: readonly Finding[]): monaco.editor.IMarkerData[] {
  return findings.map((finding) => {
    const { start, end } = finding.at ?? { start: 0, end: model.getValueLength() }
    const from = model.getPositionAt(start)
    const to = model.getPositionAt(Math.max(end, start + 1))
    return {
      severity: finding.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
      message: finding.hint ? `${finding.message}\n${finding.hint}` : finding.message,
      startLineNumber: from.lineNumber,
      startColumn: from.column,
      endLineNumber: to.lineNumber,
      endColumn: to.column,
    }
  })
}
