import { type Ds389, startDs389 } from '../../rig/ds389.ts'
import { type Office, openOfficeAt } from './office.ts'
import { dnOf, extensions, personLdif } from './office-people.ts'

/** Peerage in front of a real 389 Directory Server. */
export interface Ds389Office extends Office {
  readonly server: Ds389Server
}

/** A server with 300 people, which all offices share since it takes long to set up. */
export interface Ds389Server extends AsyncDisposable {
  readonly ds389: Ds389
  /** Backups: of when it had the first 150 only, and of when it had all. */
  readonly half: string
  readonly whole: string
}

export async function startDs389Server(): Promise<Ds389Server> {
  await using stack = new AsyncDisposableStack()
  const people = (some: readonly string[]) => some.map((each) => personLdif(each)).join('\n')
  const ds389 = stack.use(await startDs389({ people: people(extensions.slice(0, 150)) }))
  const half = await ds389.backup()
  await ds389.modify(people(extensions.slice(150)))
  const whole = await ds389.backup()
  const running = stack.move()
  return { ds389, half, whole, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

export async function openDs389Office(server: Ds389Server): Promise<Ds389Office> {
  await using stack = new AsyncDisposableStack()
  const { ds389 } = server
  const hired: string[] = []
  stack.defer(async () => {
    const gone = hired.map((each) => `dn: ${dnOf(each)}\nchangetype: delete\n`)
    if (gone.length > 0) await ds389.modify(gone.join('\n'))
  })
  const directory = {
    port: Number(new URL(ds389.url).port),
    protection: 'none' as const,
    source: [
      'preset: 389-ds',
      'tls: none',
      `base: "${ds389.suffix}"`,
      `bind: { user: "${ds389.bindDn}", password: "${ds389.bindPassword}" }`,
    ].join('\n    '),
    replicas: [],
    patienceMs: 3000,
    async hire(extension: string) {
      hired.push(extension)
      await ds389.modify(personLdif(extension))
    },
    kill: () => ds389.kill(),
    start: () => ds389.start(),
  }
  const office = stack.use(await openOfficeAt(directory))
  const opened = stack.move()
  return Object.assign(office, { server, [Symbol.asyncDispose]: () => opened.disposeAsync() })
}
