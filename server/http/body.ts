/** Reads the JSON body of a GraphQL request, bounded. Read once, before Express, so that a plan-cache hit needs no Express at all. */
import type { IncomingMessage } from 'node:http'
import { LIMITS } from '#graphql'

export class BodyError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface GraphqlBody {
  readonly query?: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
}

const TOO_LARGE = `The request is larger than ${LIMITS.bodyBytes / 1000} kB; only the …Many mutations of signed-in users may be, up to ${LIMITS.bulkBytes / 1_000_000} MB.`

export async function readBody(request: IncomingMessage, options: { readonly bulk: boolean }): Promise<GraphqlBody> {
  const text = await readText(request, options.bulk ? LIMITS.bulkBytes : LIMITS.bodyBytes)
  const body = parse(text)
  if (text.length > LIMITS.bodyBytes && !isBulk(body)) throw new BodyError(413, TOO_LARGE)
  return body
}

function readText(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else if (chunks.length) {
        chunks.length = 0
        reject(new BodyError(413, TOO_LARGE))
      }
    })
    request.on('end', () =>
      resolve(chunks.length === 1 ? chunks[0]!.toString('utf8') : Buffer.concat(chunks).toString('utf8')),
    )
    request.on('error', reject)
  })
}

function parse(text: string): GraphqlBody {
  try {
    const body: unknown = JSON.parse(text)
    if (body && typeof body === 'object' && !Array.isArray(body)) return body as GraphqlBody
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw new BodyError(400, 'The body must be a JSON object with a "query".')
}

const isBulk = ({ query }: GraphqlBody): boolean =>
  typeof query === 'string' && query.length < LIMITS.bodyBytes && /^\s*mutation\b/.test(query) && /Many\b/.test(query)
