/** The lock of a file by what it is, not by what it is called. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Held } from '../types-internal.ts'

export interface Inode {
  readonly dev: bigint
  readonly ino: bigint
}

/**
 * Listens at a name made of device and inode: of one machine only one process can, and the operating system lets go of the name however that ends.
 * undefined when it is taken. Nobody is answered there. A system without such names (macOS) has nothing of the kind, and everybody gets the lock.
 */
export async function lockInode(inode: Inode): Promise<Held | undefined> {
  const name = nameOf(inode)
  if (name === undefined) return { close: async () => {} }
  const server = createServer((socket) => socket.destroy()).unref()
  try {
    server.listen(name)
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
  return { close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** Abstract sockets of Linux and pipes of Windows leave no file. */
function nameOf({ dev, ino }: Inode): string | undefined {
  const name = `milepost-${dev}-${ino}`
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : undefined
}
