/** A change whose undo somebody has asked for: its plan is shown before it is done, wherever they are by then. */
export interface Undoing {
  readonly version: number
  /** What to read again. */
  readonly onundone: () => unknown
}

class UndoRequest {
  current = $state.raw<Undoing>()
  ask(version: number, onundone: () => unknown) {
    this.current = { version, onundone }
  }
  close() {
    this.current = undefined
  }
}

export const undoing = new UndoRequest()
