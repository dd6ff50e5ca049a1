import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { studioRoutes } from '../routes-plugin.ts'

test('the build finds the studio’s addresses where they are defined, nested ones and those before sign-in too', () => {
  const routes = studioRoutes(fileURLToPath(new URL('.', import.meta.url)))
  const some = ['/', '/o/:object', '/r/:object/:id', '/setup', '/setup/objects', '/setup/objects/:object']
  expect(routes).toEqual(expect.arrayContaining(some))
  expect(routes.filter((route) => !/^\/[a-z:/-]*$/.test(route))).toEqual([])
})
