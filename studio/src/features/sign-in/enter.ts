import { session } from '$lib/state/session.svelte.ts'

/** A one-time link has let somebody in: on to the first page, and the link is gone from the address. */
export async function enterFromLink(): Promise<void> {
  history.replaceState(null, '', '/')
  await session.start()
}
