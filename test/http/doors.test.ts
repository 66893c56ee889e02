import { Agent, createServer, request, type Server } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Doors } from '../../src/http/doors.ts'
import { inheritedSockets } from '../../src/http/inherited-sockets.ts'

const answering = (text: string): Server => createServer((_, response) => response.end(text))

function ask(port: number, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject).end()
  })
}

describe('a door', () => {
  test('lets new connections wait for the next server, and questions on open ones too', async () => {
    await using doors = await Doors.open()
    const door = await doors.at('127.0.0.1:0', 'listen.pbx')
    const { port } = door.address
    const keeping = new Agent({ keepAlive: true, maxSockets: 1 })
    const first = answering('first')
    door.lead(first)
    expect(await ask(port, keeping)).toBe('first')
    door.hold(first)
    const onOpen = ask(port, keeping)
    const onNew = ask(port, new Agent())
    const second = answering('second')
    door.lead(second)
    expect(await Promise.all([onOpen, onNew])).toEqual(['second', 'second'])
    expect(await ask(port, keeping)).toBe('second')
    keeping.destroy()
  })

  test('is the same one for the same address, and another one for another option on any port', async () => {
    await using doors = await Doors.open()
    const door = await doors.at('127.0.0.1:0', 'listen.pbx')
    expect(await doors.at('127.0.0.1:0', 'listen.pbx')).toBe(door)
    const other = await doors.at('127.0.0.1:0', 'listen.web')
    expect(other.address.port).not.toBe(door.address.port)
  })

  test('that nobody stands behind is closed, and whoever waits there is cut off', async () => {
    await using doors = await Doors.open()
    const used = await doors.at('127.0.0.1:0', 'listen.pbx')
    used.lead(answering('here'))
    const { port } = (await doors.at('127.0.0.1:0', 'listen.web')).address
    const agent = new Agent()
    const cutOff = expect(ask(port, agent)).rejects.toThrow(/ECONNRESET|hang up/)
    // A later connection is taken later: when this one is let in, the other waits.
    await new Promise<void>((resolve) => {
      const later = connect(port, '127.0.0.1', () => resolve(void later.destroy()))
    })
    expect(await doors.closeUnused()).toEqual([`127.0.0.1:${port}`])
    await cutOff
    expect(await ask(used.address.port, new Agent())).toBe('here')
  })

  test('closes when an answer that was begun is through', async () => {
    const doors = await Doors.open()
    const door = await doors.at('127.0.0.1:0', 'listen.pbx')
    const came = Promise.withResolvers<() => void>()
    const slow = createServer((_, response) => came.resolve(() => response.end('done')))
    door.lead(slow)
    const agent = new Agent({ keepAlive: true })
    const answer = ask(door.address.port, agent)
    const finish = await came.promise
    door.hold(slow)
    const closed = doors[Symbol.asyncDispose]()
    finish()
    expect(await answer).toBe('done')
    await closed
    await expect(ask(door.address.port, agent)).rejects.toThrow('ECONNREFUSED')
  })
})

test('sockets are taken from systemd only when they are meant for this process', () => {
  const given = { LISTEN_PID: '42', LISTEN_FDS: '2' }
  expect(inheritedSockets(given, 42)).toEqual([3, 4])
  expect(inheritedSockets(given, 43)).toEqual([])
  expect(inheritedSockets({ ...given, LISTEN_FDS: 'x' }, 42)).toEqual([])
  expect(inheritedSockets({}, 42)).toEqual([])
})

test('lets in one after the other where that is wanted, also past an exchange, and nobody is lost', async () => {
  await using doors = await Doors.open()
  const door = await doors.at('127.0.0.1:0', 'listen.web')
  const { port } = door.address
  const first = answering('first')
  door.lead(first, 5)
  const asked = Array.from({ length: 12 }, () => ask(port, new Agent()))
  await Promise.race(asked)
  door.hold(first)
  const second = answering('second')
  door.lead(second, 5)
  const answers = await Promise.all(asked)
  expect(new Set(answers)).toEqual(new Set(['first', 'second']))
  expect(answers.indexOf('second')).toBeGreaterThan(0)
})
