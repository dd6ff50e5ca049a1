/** A tooltip for hover and keyboard focus, as an attachment: `{@attach tip('Exact time')}`. One element serves the whole page. */
import type { Attachment } from 'svelte/attachments'
import { placeBelow } from './menu-position.ts'

let box: HTMLElement | undefined
let timer: ReturnType<typeof setTimeout> | undefined

function theBox(): HTMLElement {
  if (!box) {
    box = document.createElement('div')
    box.className = 'tip'
    box.popover = 'manual'
    box.setAttribute('role', 'tooltip')
    document.body.append(box)
  }
  return box
}

function show(anchor: HTMLElement, text: string) {
  const element = theBox()
  element.textContent = text
  element.showPopover()
  const { left, top } = placeBelow(anchor.getBoundingClientRect(), element.getBoundingClientRect(), 'start', 6)
  element.style.translate = `${left}px ${top}px`
}

function hide() {
  clearTimeout(timer)
  if (box?.matches(':popover-open')) box.hidePopover()
}

export function tip(text: string | undefined): Attachment<HTMLElement> {
  return (anchor) => {
    if (!text) return undefined
    const later = () => {
      clearTimeout(timer)
      timer = setTimeout(() => anchor.isConnected && show(anchor, text), 350)
    }
    const events = {
      pointerenter: later,
      pointerleave: hide,
      focus: later,
      blur: hide,
      pointerdown: hide,
      keydown: hide,
    }
    for (const [name, handler] of Object.entries(events)) anchor.addEventListener(name, handler)
    return () => {
      hide()
      for (const [name, handler] of Object.entries(events)) anchor.removeEventListener(name, handler)
    }
  }
}
