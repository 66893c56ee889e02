import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificates {
  /** The authority that signed the server's certificate. */
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
  /** Another authority, which signed nothing here. */
  readonly otherCaFile: string
}

/** Makes an authority and a server certificate for the names given, by the openssl command. */
export async function makeCertificates(
  folder: string,
  names: readonly string[] = ['localhost', '127.0.0.1'],
): Promise<Certificates> {
  const file = (name: string) => join(folder, name)
  await makeAuthority(file('ca'), 'Peerage test authority')
  await makeAuthority(file('other-ca'), 'Some other authority')
  const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`))
  await writeFile(file('server.ext'), `subjectAltName=${alternatives.join(',')}\n`)
  await openssl(
    `req ${newKey} -subj /CN=${names[0]} -keyout`,
    file('server.key'),
    '-out',
    file('server.csr'),
  )
  await openssl(
    'x509 -req -days 30 -CAcreateserial -in',
    file('server.csr'),
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-extfile',
    file('server.ext'),
    '-out',
    file('server.pem'),
  )
  return {
    caFile: file('ca.pem'),
    certFile: file('server.pem'),
    keyFile: file('server.key'),
    otherCaFile: file('other-ca.pem'),
  }
}

/** Another certificate of the same authority and key, whose time is over since yesterday. */
export async function makeExpired(folder: string): Promise<string> {
  const file = (name: string) => join(folder, name)
  await openssl(
    'x509 -req -days -1 -CAcreateserial -in',
    file('server.csr'),
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-extfile',
    file('server.ext'),
    '-out',
    file('expired.pem'),
  )
  return file('expired.pem')
}

const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

async function makeAuthority(path: string, name: string): Promise<void> {
  const words = `req -x509 ${newKey} -days 30 -subj`
  await openssl(words, `/CN=${name}`, '-keyout', `${path}.key`, '-out', `${path}.pem`)
}

async function openssl(words: string, ...more: string[]): Promise<void> {
  await run('openssl', [...words.split(' '), ...more])
}
