import { rm } from 'node:fs/promises'
import { temporaryFolder } from '../folder.ts'
import { unpackBrowser } from './browser.ts'
import { makeStudio } from './studio.ts'

/** The studio is built and the demo made once for the run, and the browser unpacked before two files would at the same moment. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await temporaryFolder('studio')
  await makeStudio(folder)
  await unpackBrowser()
  process.env.MILEPOST_TEST_STUDIO = folder
  return () => rm(folder, { recursive: true, force: true })
}
