/**
 * Our own small face of sv-router: the rest of the studio asks for paths and moves only through this file.
 * Every route is `() => import(…)`: sv-router tells lazy routes by the text of the function, and a first page stays small.
 */
import { createRouter, blockNavigation, Router } from 'sv-router'

const routes = createRouter({
  '/': () => import('./features/home/HomePage.svelte'),
  '/o/:object': () => import('./features/list/ListPage.svelte'),
  '/r/:object/:id': () => import('./features/record/RecordPage.svelte'),
  '/account': () => import('./features/account/AccountPage.svelte'),
  '/setup': {
    layout: () => import('./features/setup/SetUpArea.svelte'),
    '/objects': () => import('./features/setup/ObjectListPage.svelte'),
    '/queue': () => import('./features/queue/QueuePage.svelte'),
    '/objects/:object': () => import('./features/setup/ObjectPage.svelte'),
  },
  '*': () => import('./features/shell/NotFoundPage.svelte'),
})

export { Router, blockNavigation }
export const route = routes.route
/** Fetches the code of a page before it is opened. */
export const preload = (path: string): void => void (routes.preload as (path: string) => Promise<void>)(path)

type Query = { readonly [key: string]: string | undefined }

const search = (query: Query) => {
  const text = new URLSearchParams(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  ).toString()
  return text ? `?${text}` : ''
}

export const paths = {
  home: () => '/',
  list: (object: string, query: Query = {}) => `/o/${object}${search(query)}`,
  record: (object: string, id: string, query: Query = {}) => `/r/${object}/${id}${search(query)}`,
  account: () => '/account',
  objects: () => '/setup/objects',
  queue: (query: Query = {}) => `/setup/queue${search(query)}`,
  object: (object: string, query: Query = {}) => `/setup/objects/${object}${search(query)}`,
}

/** Goes to a path made by `paths`. */
export function go(path: string, options: { replace?: boolean } = {}): Promise<unknown> {
  const url = new URL(path, location.origin)
  const navigate = routes.navigate as (path: string, options: object) => Promise<unknown>
  return navigate(url.pathname, { search: url.search, replace: options.replace })
}

/** Where we are, to come back to. */
export const here = () => location.pathname + location.search

/** The query part of the URL, reactive. Values stay text: "007" is not 7. */
export function query(): URLSearchParams {
  void route.search
  return new URLSearchParams(location.search)
}

/** Changes some values of the query and leaves the rest; undefined or "" takes one out. */
export function setQuery(change: Query, options: { replace?: boolean } = { replace: true }): void {
  const next = Object.fromEntries(query())
  const navigate = routes.navigate as (path: string, options: object) => Promise<unknown>
  void navigate(location.pathname, {
    search: search({ ...next, ...change }),
    replace: options.replace,
    scrollToTop: false,
  })
}
