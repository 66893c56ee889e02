import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { pino } from 'pino'
import { entry, startTestService } from '../support/service.ts'
import { Channel, environmentText } from './channel.ts'

const ldif = entry('zoe', 1, { cn: 'Zoë', telephoneNumber: '+49 30 2312 501' })
const script = 'caller'
const environment = { callerid: '0302312501' }

async function startAgi(agi = '{ budgetMs: 300 }') {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const company = await startTestService({ ldif, yaml: `agi: ${agi}`, log })
  const port = company.service.agi?.port ?? 0
  return {
    port,
    service: company.service,
    /** What was said of sessions. */
    said: () => lines.filter((line) => line.includes('FastAGI')),
    /** Whether an ordinary call is still answered. */
    async answers() {
      const { variables } = await Channel.run({ port, script, environment })
      return variables.get('PEERAGE') === 'caller' && variables.get('PEERAGE_NAME') === 'Zoë'
    },
    [Symbol.asyncDispose]: () => company[Symbol.asyncDispose](),
  }
}

describe('a call goes on, and nobody else notices, when Asterisk', () => {
  test.each([
    ['says half a line and waits', 'agi_netwo'],
    ['says nothing', ''],
    ['never ends its environment', 'agi_network: yes\n'],
  ])('%s', async (_, text) => {
    await using agi = await startAgi()
    const channel = await Channel.connect(agi.port)
    channel.write(text)
    expect(await agi.answers()).toBe(true)
    await channel.closed()
    expect(channel.commands).toEqual([])
    expect(agi.said()).toHaveLength(1)
    expect(agi.said()[0]).toContain('out of time')
  })

  test('never answers a command', async () => {
    await using agi = await startAgi()
    const channel = await Channel.run({ port: agi.port, script, environment, answer: () => null })
    expect(channel.commands).toHaveLength(1)
    expect(await agi.answers()).toBe(true)
  })

  test('sends ten million characters without a line end', async () => {
    await using agi = await startAgi()
    const channel = await Channel.connect(agi.port)
    const piece = Buffer.alloc(1_000_000, 'x')
    for (let at = 0; at < 10; at += 1) channel.write(piece)
    await channel.closed()
    expect(await agi.answers()).toBe(true)
    expect(agi.said().join()).toContain('line too long')
  })

  test.each([
    ['speaks another protocol', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'no environment'],
    ['begins with an empty line', '\n', 'no environment'],
    [
      'has too much to say',
      Array.from({ length: 300 }, (_, at) => `agi_arg_${at}: x\n`).join(''),
      'environment too long',
    ],
    [
      'asks for a script that is not there',
      environmentText({ port: 0, script: '../etc/passwd' }),
      'no such script',
    ],
    [
      'asks for a script of another kind',
      environmentText({ port: 0, script: 'constructor' }),
      'no such script',
    ],
  ])('%s', async (_, text, problem) => {
    await using agi = await startAgi()
    const channel = await Channel.connect(agi.port)
    channel.write(text)
    await channel.closed()
    expect(channel.commands).toEqual([])
    expect(agi.said().join()).toContain(problem)
    expect(await agi.answers()).toBe(true)
  })

  test('refuses a variable: then the proof is missing', async () => {
    await using agi = await startAgi()
    const usage =
      '520-Invalid command syntax.  Proper usage follows:\nSets (a) variable\n520 End of proper usage.'
    const channel = await Channel.run({ port: agi.port, script, environment, answer: () => usage })
    expect(channel.variables.has('PEERAGE')).toBe(false)
    expect(agi.said().join()).toContain('MSet was answered 520')
  })

  test.each([
    ['before the reply', 'HANGUP\n200 result=0'],
    ['after the reply', '200 result=0\nHANGUP'],
    ['instead of it', 'HANGUP'],
  ])('says HANGUP %s, which is nothing to report', async (_, answer) => {
    await using agi = await startAgi()
    await Channel.run({ port: agi.port, script, environment, answer: () => answer })
    expect(await agi.answers()).toBe(true)
    expect(agi.said()).toEqual([])
  })

  test('resets the connection at any point', async () => {
    await using agi = await startAgi()
    for (const after of [0, 5, 40, 400]) {
      const socket = connect(agi.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(environmentText({ port: 0, script, environment }).slice(0, after))
      socket.resetAndDestroy()
    }
    expect(await agi.answers()).toBe(true)
    expect(agi.said()).toEqual([])
  })
})

describe('a server', () => {
  test('takes an environment in single bytes, and lines that end as in a file of Windows', async () => {
    await using agi = await startAgi('{ budgetMs: 20000 }')
    const channel = await Channel.connect(agi.port)
    const text = environmentText({ port: 0, script, environment }).replaceAll('\n', '\r\n')
    for (const byte of Buffer.from(text)) channel.write(Buffer.from([byte]))
    await channel.closed()
    expect(channel.variables.get('PEERAGE')).toBe('caller')
  })

  test('never has two commands under way', async () => {
    await using agi = await startAgi()
    const waiting: string[] = []
    const channel = await Channel.open({
      port: agi.port,
      script,
      environment,
      answer: (command) => {
        waiting.push(command)
        setImmediate(() => {
          waiting.pop()
          channel.write('200 result=0\n')
        })
        return waiting.length > 1 ? '510 two at once' : null
      },
    })
    await channel.closed()
    expect(channel.variables.get('PEERAGE')).toBe('caller')
  })

  test('answers a thousand calls at once', async () => {
    await using agi = await startAgi('{ budgetMs: 30000 }')
    const channels = await Promise.all(
      Array.from({ length: 1000 }, () => Channel.run({ port: agi.port, script, environment })),
    )
    expect(channels.filter(({ variables }) => variables.get('PEERAGE') === 'caller')).toHaveLength(
      1000,
    )
  })

  test('turns away more sessions than it is allowed, and says so once', async () => {
    await using agi = await startAgi('{ sessions: 2, budgetMs: 2000 }')
    const held = await Promise.all([Channel.connect(agi.port), Channel.connect(agi.port)])
    const extra = await Promise.all([Channel.connect(agi.port), Channel.connect(agi.port)])
    await Promise.all(extra.map((channel) => channel.closed()))
    expect(agi.said()).toHaveLength(1)
    expect(agi.said()[0]).toContain('too many sessions')
    for (const channel of held) channel.hangUp()
  })

  test('refuses strangers, and says so once', async () => {
    await using agi = await startAgi('{ from: ["10.0.0.0/8", "fd00::/8"] }')
    await Channel.connect(agi.port).then(
      (channel) => channel.closed(),
      () => undefined,
    )
    await Channel.connect(agi.port).then(
      (channel) => channel.closed(),
      () => undefined,
    )
    expect(agi.said()).toHaveLength(1)
    expect(agi.said()[0]).toContain('not in agi.from')
  })

  test('ends what is open when it stops', async () => {
    const agi = await startAgi('{ budgetMs: 60000 }')
    const channel = await Channel.connect(agi.port)
    channel.write('agi_network: yes\n')
    await agi[Symbol.asyncDispose]()
    await channel.closed()
    expect(channel.commands).toEqual([])
  })
})
