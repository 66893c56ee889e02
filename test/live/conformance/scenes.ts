import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import type { Company } from './company.ts'

export interface Scene {
  readonly name: string
  /** The only Asterisk that can do it. */
  readonly only?: AsteriskVersion
  /** Throws when Asterisk did not do what the answers were meant to make it do. */
  readonly play: (company: Company) => Promise<void>
}

export function scenesOf(version: AsteriskVersion): readonly Scene[] {
  return scenes.filter(({ only = version }) => only === version)
}

/** What a company does with its telephones: every family and verb that Asterisk knows is asked. */
const scenes: readonly Scene[] = [
  { name: 'a phone registers, again, and signs off', play: register },
  { name: 'a phone whose secret does not leave registers', play: registerByDigest },
  { name: 'somebody disabled is not let in', play: refuseDisabled },
  { name: 'a contact that ran out is destroyed', only: 22, play: expire },
  {
    name: 'a phone of another company on the same Asterisk registers and rings',
    only: 22,
    play: tenant,
  },
  { name: 'a call inside, and one to nobody', play: callInside },
  { name: 'a call to a shared number from a trunk rings in turn', play: callInTurn },
  { name: 'a PIN is changed by telephone', play: changePin },
  { name: 'a queue rings its member, who is paused, over a restart', play: queue },
  { name: 'the dialplan asks for a name', play: askName },
  { name: 'an IAX2 phone registers and calls', play: iax },
  { name: 'chan_sip with registrations in a family of their own', only: 16, play: sipregs },
  { name: 'users.conf is made of people', play: usersConf },
]

async function register(company: Company): Promise<void> {
  await using phone = await company.phone('501')
  expectThat((await phone.register()).status === 200, 'the second REGISTER was refused')
  await company.asterisk.restart()
  expectThat((await phone.unregister()).contacts.length === 0, 'the contact is still there')
}

async function registerByDigest(company: Company): Promise<void> {
  await using phone = await company.phone('503')
  const { algorithm } = await phone.register()
  const wanted = company.version === 22 ? 'SHA-256' : 'MD5'
  expectThat(algorithm === wanted, `asked for ${algorithm}, not ${wanted}`)
}

async function refuseDisabled(company: Company): Promise<void> {
  const let504In = await company.phone('504').then(
    () => true,
    () => false,
  )
  expectThat(!let504In, '504 is disabled and was let in')
}

async function expire(company: Company): Promise<void> {
  const { recorder } = company
  await using phone = await company.phone('502')
  const before = recorder.asked.length
  await phone.register(1)
  await recorder.until('ps_contacts', 'destroy', before)
  const left = await company.service.ask('ps_contacts/multi', 'id%20LIKE=502%3B%40%25')
  expectThat(left === '', `still there: ${left}`)
}

async function tenant(company: Company): Promise<void> {
  await using phone = await company.phone('505@tenant.example', '505')
  await company.probe('tenant')
  await (await phone.incoming()).ended()
}

async function callInside(company: Company): Promise<void> {
  await using caller = await company.phone('501')
  await using called = await company.phone('502')
  const out = await caller.call('502')
  const coming = await called.incoming()
  await coming.answer()
  await out.talking()
  await out.hangUp()
  const nobody = await (await caller.call('577')).ended()
  expectThat(nobody.status === 404, `577 ended with ${nobody.status}`)
  const incomplete = await (await caller.call('50')).ended()
  expectThat(incomplete.status === 484, `50 ended with ${incomplete.status}`)
  await company.probe('pattern')
}

async function callInTurn(company: Company): Promise<void> {
  await using first = await company.phone('501')
  await using second = await company.phone('502')
  await using trunk = await company.trunk()
  const out = await trunk.call('0302312570')
  await (await first.incoming()).ended()
  await (await second.incoming()).answer()
  await out.talking()
  await out.hangUp()
}

async function changePin({ phone, asterisk, service }: Company): Promise<void> {
  await using owner = await phone('501')
  const box = await owner.call('*97')
  await box.hears('sound')
  const before = (await asterisk.logs()).length
  const keys = [
    ['1111#', 'vm-youhave'],
    ['0', 'vm-options'],
    ['5', 'vm-newpassword'],
    ['4711#', 'vm-reenterpassword'],
    ['4711#', 'vm-passchanged'],
  ] as const
  for (const [press, said] of keys) {
    await box.press(press)
    await asterisk.logged(said, before)
  }
  await box.hangUp()
  const row = await service.ask('voicemail/single', 'mailbox=501&context=default')
  expectThat(row.includes('password=4711'), 'the new PIN was not kept')
}

async function queue(company: Company): Promise<void> {
  const { asterisk, version } = company
  const member = version === 22 ? 'PJSIP/502' : 'SIP/502'
  const show = () => asterisk.cli('queue show sales')
  {
    await using caller = await company.phone('501')
    await using agent = await company.phone('502')
    const out = await caller.call('600')
    await (await agent.incoming()).answer()
    await out.hangUp()
  }
  const shown = await show()
  expectThat(shown.includes(member) && !shown.includes('/504'), shown)
  await asterisk.cli(`queue pause member ${member} queue sales`)
  await asterisk.cli(`queue set penalty 3 on ${member} in sales`)
  await asterisk.restart()
  await asterisk.cli('queue show')
  const after = await show()
  expectThat(/paused/.test(after) && /penalty 3/.test(after), after)
}

async function askName({ asterisk, probe }: Company): Promise<void> {
  const before = (await asterisk.logs()).length
  await probe('callerid')
  await asterisk.logged("NAME={SHELL(id)}' Müller Zoë.", before)
}

async function iax({ asterisk, recorder, service, iaxPort, secret }: Company): Promise<void> {
  await recorder.until('iaxpeers', 'update')
  const row = await service.ask('iaxpeers/single', `ipaddr=127.0.0.1&port=${iaxPort}`)
  expectThat(row.startsWith('name=501&'), 'the registration was not kept')
  const before = (await asterisk.logs()).length
  const from = `IAX2/501:${secret('501')}@127.0.0.1:${iaxPort}`
  await asterisk.cli(`channel originate ${from}/*43@internal application Wait 1`)
  await asterisk.logged('Echo(', before)
}

async function sipregs(company: Company): Promise<void> {
  await company.map('sipregs')
  await using caller = await company.phone('501')
  await using called = await company.phone('502')
  const out = await caller.call('502')
  await called.incoming()
  await out.hangUp()
}

async function usersConf(company: Company): Promise<void> {
  const { asterisk, probe, version } = company
  await company.map('users.conf')
  const before = (await asterisk.logs()).length
  await probe('file')
  await asterisk.logged(`FILE={SHELL(id)}'; Müller, Zoë.`, before)
  if (version !== 16) return
  await using phone = await company.phone('502')
  await phone.register()
  const peer = await asterisk.cli('sip show peer 502')
  expectThat(/Realtime peer: No/.test(peer) && peer.includes('<502>'), peer)
}

function expectThat(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new Error(otherwise)
}
