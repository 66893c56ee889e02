import { isIP } from 'node:net'
import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'

export const listenProperties = {
  listen: Type.Object(
    {
      pbx: Type.String({
        default: '127.0.0.1:8070',
        description: 'Where Asterisk asks (realtime). Hands out secrets: keep it on loopback.',
      }),
      web: Type.String({
        default: '127.0.0.1:8080',
        description: 'Where administrators and their programs ask (API, health).',
      }),
      pbxToken: Type.Optional(
        Type.String({
          minLength: 16,
          description:
            'Asterisk must show this token (`userpwd` or `httpheader` in res_curl.conf); default: it need not.',
        }),
      ),
      pbxTokenFile: Type.Optional(
        Type.String({ description: 'File that holds the token instead.' }),
      ),
    },
    { additionalProperties: false, default: {}, description: 'Addresses to listen on.' },
  ),
}

const listenOptions = Type.Object(listenProperties)
export type ListenOptions = Static<typeof listenOptions>['listen']

export interface Address {
  readonly host: string
  readonly port: number
}

export function checkListen(listen: ListenOptions): Complaint[] {
  return (['pbx', 'web'] as const)
    .filter((name) => parseAddress(listen[name]) === undefined)
    .map((name) => ({
      path: `listen.${name}`,
      problem: `'${listen[name]}' is not an address to listen on; expected address:port`,
      example: name === 'pbx' ? '127.0.0.1:8070' : '127.0.0.1:8080',
    }))
}

/** `127.0.0.1:8070`, `[::1]:8070` or `localhost:8070`; port 0 takes any free one. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65_535) return undefined
  if (match?.[1] !== undefined && isIP(host) !== 6) return undefined
  return { host, port }
}
