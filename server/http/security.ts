/** Headers and cross-site checks, the same for every way in. */
import type { IncomingMessage } from 'node:http'
import helmet from 'helmet'

export interface SecurityOptions {
  /** Served over HTTPS (by itself or a proxy in front). */
  readonly secure: boolean
  /** The public address, when a proxy in front changes the Host header. */
  readonly publicUrl?: string
  /** The host that it listens on. */
  readonly boundTo?: string
}

/** The studio's policy: everything from here, inline styles for the editor and the widgets, nothing from elsewhere. */
export const securityHeaders = ({ publicUrl }: SecurityOptions) => {
  // Only where the address says HTTPS: on plain HTTP these would send a browser to a port that nobody answers.
  const https = publicUrl?.startsWith('https:') ?? false
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'", 'data:'],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    crossOriginEmbedderPolicy: false,
  })
}

/**
 * Whether a request that may use cookies or change something comes from our own pages or from a program.
 * Browsers send Origin with every POST and every WebSocket; programs send none.
 */
export function isOwnOrigin(request: IncomingMessage, { publicUrl }: SecurityOptions): boolean {
  const { origin, host } = request.headers
  if (request.headers['sec-fetch-site'] === 'cross-site') return false
  if (origin === undefined) return true
  const from = hostOf(origin)
  return from !== undefined && (from === host || from === (publicUrl && hostOf(publicUrl)))
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined
}

/** A form or an image can't send this, so another site can't without a preflight that we don't answer. */
export function isJson(request: IncomingMessage): boolean {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  return type === 'application/json' || type === 'application/graphql+json'
}
