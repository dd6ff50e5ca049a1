import { findRecords, type Found } from '$lib/api/records.ts'
import { catalog } from '$lib/state/catalog.svelte.ts'
import { preferences } from '$lib/state/preferences.svelte.ts'
import { recents } from '$lib/state/recents.svelte.ts'
import { session } from '$lib/state/session.svelte.ts'
import { go, paths } from '../../router.ts'

export interface Entry {
  readonly key: string
  readonly group: string
  readonly label: string
  readonly detail?: string | undefined
  readonly object?: string
  readonly href?: string
  readonly run?: () => unknown
}

const MAX_OBJECTS_SEARCHED = 8

/** What the palette offers for the words typed: commands at once, records as they are found, the recent ones while nothing is typed. */
export class Palette {
  words = $state('')
  found = $state.raw<readonly Found[]>([])
  searching = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  #abort: AbortController | undefined

  type(words: string) {
    this.words = words
    clearTimeout(this.#timer)
    this.#abort?.abort()
    this.searching = words.trim().length > 0
    if (this.searching) this.#timer = setTimeout(() => void this.#search(words), 140)
    else this.found = []
  }

  async #search(words: string) {
    this.#abort = new AbortController()
    const { signal } = this.#abort
    const objects = catalog.working.slice(0, 40).filter((o) => PREFERRED.has(o.name) || o.custom).slice(0, MAX_OBJECTS_SEARCHED) // prettier-ignore
    const found = await findRecords(objects.map((o) => o.name), words, 5, signal).catch(() => undefined) // prettier-ignore
    if (signal.aborted) return
    this.found = found ?? []
    this.searching = false
  }

  readonly entries: readonly Entry[] = $derived.by(() => {
    const wanted = this.words.trim().toLowerCase()
    const commands = allCommands().filter((entry) => !wanted || entry.label.toLowerCase().includes(wanted))
    const records = wanted ? this.found.map(recordEntry) : recents.list.slice(0, 6).map(recentEntry)
    return wanted ? [...records, ...commands.slice(0, 8)] : [...records, ...commands.slice(0, 30)]
  })
}

const PREFERRED = new Set([
  'Case',
  'WorkOrder',
  'Account',
  'Contact',
  'Task',
  'Asset',
  'Entitlement',
  'ServiceContract',
])

const recordEntry = (found: Found): Entry => ({
  key: found.id,
  group: catalog.info(found.object)?.pluralLabel ?? found.object,
  label: found.name,
  detail: found.detail,
  object: found.object,
  href: paths.record(found.object, found.id),
})

const recentEntry = (recent: { object: string; id: string; name: string }): Entry => ({
  key: recent.id,
  group: 'Recent',
  label: recent.name,
  detail: catalog.info(recent.object)?.label,
  object: recent.object,
  href: paths.record(recent.object, recent.id),
})

function allCommands(): readonly Entry[] {
  const objects = catalog.working
  const lists = objects.map((o): Entry => ({
    key: `list-${o.name}`,
    group: 'Go to',
    label: o.pluralLabel,
    object: o.name,
    href: paths.list(o.name),
  }))
  const creates = objects.filter((o) => o.access.create).map((o): Entry => ({ key: `new-${o.name}`, group: 'Create', label: `New ${o.label}`, object: o.name, href: paths.list(o.name, { new: '1' }) })) // prettier-ignore
  const fields = session.can('manageMetadata') ? catalog.objects.filter((o) => !o.platform).map((o): Entry => ({ key: `fields-${o.name}`, group: 'Set-up', label: `${o.label} fields`, object: o.name, href: paths.object(o.name, { tab: 'fields' }) })) : [] // prettier-ignore
  return [...lists, ...creates, ...general(), ...fields]
}

function general(): readonly Entry[] {
  const theme = preferences.theme === 'dark' ? 'light' : 'dark'
  return [
    { key: 'home', group: 'Go to', label: 'Home', href: paths.home() },
    ...(session.can('viewSetup')
      ? [
          { key: 'objects', group: 'Set-up', label: 'Object manager', href: paths.objects() },
          { key: 'queue', group: 'Set-up', label: 'Queue of timers and messages', href: paths.queue() },
        ]
      : []),
    { key: 'theme', group: 'Studio', label: `Use the ${theme} theme`, run: () => preferences.set({ theme }) },
    { key: 'sign-out', group: 'Studio', label: 'Sign out', run: () => session.signOut() },
  ]
}

/** Enter goes there; with Ctrl or Cmd in a new tab. */
export function run(entry: Entry, newTab: boolean): void {
  if (entry.href && newTab) window.open(entry.href, '_blank')
  else if (entry.href) void go(entry.href)
  else void entry.run?.()
}
