import { connect } from 'node:net'
import type { LoadResult } from './load.ts'

export interface AgiLoad {
  readonly port: number
  /** The caller of each session. */
  readonly number: () => string
  readonly seconds: number
  /** Calls a second, evenly; null: as fast as `atOnce` sessions go. */
  readonly rate: number | null
  readonly atOnce: number
}

/**
 * Calls that come in and ask by FastAGI as Asterisk does: a connection each, the environment, a
 * reply to each command, until the connection is closed. Latency is the whole session, from the
 * moment it was due.
 */
export async function loadAgi(options: AgiLoad): Promise<LoadResult> {
  const latencies: number[] = []
  const began = performance.now()
  const end = began + options.seconds * 1000
  await (options.rate === null
    ? Promise.all(Array.from({ length: options.atOnce }, () => saturate(options, end, latencies)))
    : pace(options, options.rate, began, end, latencies))
  const elapsed = (performance.now() - began) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return { perSecond: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) }
}

async function saturate({ port, number }: AgiLoad, end: number, latencies: number[]) {
  while (performance.now() < end) {
    const due = performance.now()
    await session(port, number())
    latencies.push(performance.now() - due)
  }
}

async function pace(
  { port, number }: AgiLoad,
  rate: number,
  began: number,
  end: number,
  latencies: number[],
): Promise<void> {
  const sessions: Promise<void>[] = []
  for (let now = performance.now(); now < end; now = performance.now()) {
    for (let due = dueAt(began, rate, sessions); due <= now; due = dueAt(began, rate, sessions)) {
      const from = due
      sessions.push(
        session(port, number()).then(() => void latencies.push(performance.now() - from)),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(sessions)
}

function dueAt(began: number, rate: number, sent: readonly unknown[]): number {
  return began + (sent.length / rate) * 1000
}

function session(port: number, number: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true).setEncoding('latin1')
    socket.on('connect', () => socket.write(environment(number)))
    socket.on('data', (text: string) => {
      said += text
      socket.write('200 result=0\n')
    })
    socket.on('error', reject)
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      if (/PEERAGE_NAME/.test(said) && said.endsWith(',PEERAGE=caller"\n')) resolve()
      else reject(new Error(`a session ended without a name: ${said}`))
    })
  })
}

function environment(number: string): string {
  const lines = {
    network: 'yes',
    network_script: 'caller',
    request: 'agi://127.0.0.1/caller',
    channel: 'PJSIP/provider-00000001',
    language: 'en',
    type: 'PJSIP',
    uniqueid: '1795314188.155',
    version: '22.10.1',
    callerid: number,
    calleridname: 'unknown',
    callingpres: '0',
    callingani2: '0',
    callington: '0',
    callingtns: '0',
    dnid: '+49301234501',
    rdnis: 'unknown',
    context: 'from-trunk-agi',
    extension: '+49301234501',
    priority: '1',
    enhanced: '0.0',
    accountcode: '',
    threadid: '140711988209344',
  }
  const text = Object.entries(lines).map(([name, value]) => `agi_${name}: ${value}\n`)
  return `${text.join('')}\n`
}
