import { isIP } from 'node:net'
import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { checkNetworks } from '../networks.ts'

const pbxTls = Type.Object(
  {
    certFile: Type.String({
      description: 'Its certificate (PEM), with those in between; read again when it changes.',
    }),
    keyFile: Type.String({ description: 'The key of that certificate (PEM).' }),
    caFile: Type.Optional(
      Type.String({
        description:
          'Authority that signed it (PEM), if not a usual one: `peerage asterisk config` hands it to Asterisk.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Lets Asterisk ask over https only.' },
)

export const listenProperties = {
  listen: Type.Object(
    {
      pbx: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
        default: '127.0.0.1:8070',
        description:
          'Where Asterisk asks (realtime), one address or a list. Hands out secrets: keep it on loopback.',
      }),
      web: Type.String({
        default: '127.0.0.1:8080',
        description:
          'Where administrators, their programs and desk phones ask (API, health, phone book).',
      }),
      pbxAllow: Type.Optional(
        Type.Array(Type.String({ examples: ['10.0.0.0/8'] }), {
          minItems: 1,
          description:
            'Networks and addresses that may ask as Asterisk does; default: whoever reaches the listener.',
        }),
      ),
      pbxTls: Type.Optional(pbxTls),
      agi: Type.Optional(
        Type.String({
          description:
            'Where Asterisk asks by FastAGI, or `none`. Default: 127.0.0.1:4573, if it is free.',
          examples: ['127.0.0.1:4573'],
        }),
      ),
      webTls: Type.Optional(
        Type.Object(
          {
            address: Type.String({
              default: '127.0.0.1:8443',
              description:
                'Where the same is answered over TLS; phones want an address of the network.',
            }),
            certFile: Type.String({
              description:
                'Certificate with its chain, PEM. Phones check it as strictly as browsers.',
            }),
            keyFile: Type.String({ description: 'The private key that belongs to it, PEM.' }),
          },
          {
            additionalProperties: false,
            description: 'HTTPS for phones and programs, beside `web`. Default: none.',
          },
        ),
      ),
      ldap: Type.Optional(
        Type.String({
          description:
            'Where phones read the phone book that speak LDAP (StartTLS with the certificate of `ldapTls`). Default: nowhere.',
          examples: ['0.0.0.0:389'],
        }),
      ),
      ldapTls: Type.Optional(
        Type.Object(
          {
            address: Type.String({
              default: '127.0.0.1:636',
              description:
                'Where the same is answered over TLS (LDAPS); phones want an address of the network.',
            }),
            certFile: Type.String({ description: 'Certificate with its chain, PEM.' }),
            keyFile: Type.String({ description: 'The private key that belongs to it, PEM.' }),
          },
          { additionalProperties: false, description: 'LDAPS for phones. Default: none.' },
        ),
      ),
      pbxToken: Type.Optional(
        Type.String({
          minLength: 16,
          description:
            'Asterisk must show this token (`httpheader` or `userpwd` in res_curl.conf, or in the URLs of extconfig.conf); default: it need not.',
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
export type PbxTls = NonNullable<ListenOptions['pbxTls']>

export interface Address {
  readonly host: string
  readonly port: number
}

/** Those of `listen.pbx`, each with its place in the configuration. */
export function pbxAddresses({ pbx }: Pick<ListenOptions, 'pbx'>): [path: string, text: string][] {
  if (typeof pbx === 'string') return [['listen.pbx', pbx]]
  return pbx.map((text, index) => [`listen.pbx[${index}]`, text])
}

/** RFC 6750's characters: none of them means something to Asterisk's configuration or a URL's reader. */
const plainToken = /^[A-Za-z0-9._~+/-]{16,128}=*$/

export function checkListen(listen: ListenOptions): Complaint[] {
  const complaints: Complaint[] = []
  const { web, webTls, ldap, ldapTls, agi = 'none' } = listen
  const check = (path: string, text: string, example: string) => {
    if (parseAddress(text) !== undefined) return
    const problem = `'${text}' is not an address to listen on; expected address:port`
    complaints.push({ path, problem, example })
  }
  for (const [path, text] of pbxAddresses(listen)) check(path, text, usualAddresses.pbx)
  check('listen.web', web, usualAddresses.web)
  if (webTls) check('listen.webTls.address', webTls.address, usualAddresses.webTls)
  if (ldap !== undefined) check('listen.ldap', ldap, usualAddresses.ldap)
  if (ldapTls) check('listen.ldapTls.address', ldapTls.address, usualAddresses.ldapTls)
  if (agi !== 'none') check('listen.agi', agi, usualAddresses.agi)
  complaints.push(...checkNetworks(listen.pbxAllow ?? [], 'listen.pbxAllow'))
  if (listen.pbxToken !== undefined && !plainToken.test(listen.pbxToken)) {
    complaints.push({
      path: 'listen.pbxToken',
      problem:
        'has characters that Asterisk cannot show; expected 16 to 128 letters, digits and . _ ~ + / - (such as `openssl rand -hex 24` makes)',
    })
  }
  return complaints
}

/** Where each listener is when nothing is said. */
export const usualAddresses = {
  pbx: '127.0.0.1:8070',
  web: '127.0.0.1:8080',
  webTls: '127.0.0.1:8443',
  ldap: '127.0.0.1:389',
  ldapTls: '127.0.0.1:636',
  agi: '127.0.0.1:4573',
} as const

/** `127.0.0.1:8070`, `[::1]:8070` or `localhost:8070`; port 0 takes any free one. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65_535) return undefined
  if (match?.[1] !== undefined && isIP(host) !== 6) return undefined
  return { host, port }
}

/** The opposite of `parseAddress`. */
export function addressText({ host, port }: Address): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}
