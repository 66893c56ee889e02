import { expect, test } from 'vitest'
import type { Company, Way } from './company.ts'

/** What a call from a trunk must come to, whichever way it asks. */
export function inboundContract(company: () => Company, way: Way): void {
  test("a customer who calls without a name rings with the directory's", async () => {
    await using called = await company().phone('502')
    await using caller = await company().stranger(way, '+491703920018')
    const out = await caller.call('+49301234502')
    const coming = await called.incoming()
    expect(coming.from).toEqual({ name: "Siobhán 'Shiv' O'Brien", number: '+491703920018' })
    await coming.answer()
    await out.talking()
    await out.hangUp()
  })

  test("an extension behind a company's main number rings with the company's name", async () => {
    await using called = await company().phone('502')
    await using caller = await company().stranger(way, '0894321177')
    const out = await caller.call('0301234502')
    expect((await called.incoming()).from.name).toBe('Acme GmbH')
    await out.hangUp()
  })

  test('whom nobody knows keeps the name that his trunk sends, and still rings', async () => {
    await using called = await company().phone('502')
    await using caller = await company().stranger(way, '+4940999999', 'Somebody Else')
    const out = await caller.call('+49301234502')
    expect((await called.incoming()).from.name).toBe('Somebody Else')
    await out.hangUp()
  })

  test('a name that would be many things to a dialplan or a header is only a name', async () => {
    await using called = await company().phone('502')
    await using caller = await company().stranger(way, '+491703920019')
    const out = await caller.call('+49301234502')
    const { name } = (await called.incoming()).from
    // Realtime's rows have neither comma nor equals sign.
    expect(name).toMatch(/^Bob \(Rob\],? 'a,? b[= ]c \{HANGUPCAUSE\}\[1\+1\] x :\) /)
    expect(name).not.toMatch(/["<>;\\]|\$[{[]/)
    expect(name?.length).toBeLessThanOrEqual(80)
    await out.hangUp()
  })

  test.each(oddCallers)('a caller who says that he is %s is nobody, and rings', async (number) => {
    await using called = await company().phone('502')
    await using caller = await company().stranger(way, number)
    const out = await caller.call('+49301234502')
    const coming = await called.incoming()
    expect(coming.from.name).toBeNull()
    await coming.answer()
    await out.talking()
    await out.hangUp()
  })

  test("a department's number rings its three telephones", async () => {
    await using first = await company().phone('501')
    await using second = await company().phone('502')
    await using third = await company().phone('503')
    await using caller = await company().stranger(way, '+491703920018')
    const out = await caller.call('+49301234400')
    const rung = await Promise.all([first, second, third].map((phone) => phone.incoming()))
    expect(rung.map(({ from }) => from.name)).toEqual(Array(3).fill("Siobhán 'Shiv' O'Brien"))
    await out.hangUp()
  })

  test('a number whose people ring in order goes on to the next who is there', async () => {
    await using first = await company().phone('501')
    await using last = await company().phone('503')
    await using caller = await company().stranger(way, '+491703920018')
    const out = await caller.call('+49301234450')
    const coming = await first.incoming()
    await expect(last.incoming(300)).rejects.toThrow('nobody called')
    coming.refuse()
    await (await last.incoming()).answer()
    await out.talking()
    await out.hangUp()
  })

  test('somebody whose telephones are all off is not there, and no last resort is asked', async () => {
    let asked = 0
    company().onReception((call) => {
      asked += 1
      call.refuse()
    })
    await using caller = await company().stranger(way, '+491703920018')
    const out = await caller.call('+49301234503')
    expect(await out.ended()).toEqual({ by: 'them', status: 480 })
    expect(asked).toBe(0)
  })

  test('the number of somebody who left rings his manager', async () => {
    await using manager = await company().phone('502')
    await using caller = await company().stranger(way, '+491703920018')
    const out = await caller.call('+49301234504')
    await (await manager.incoming()).answer()
    await out.talking()
    await out.hangUp()
  })
}

/** User parts of a From header: codes, letters, and what must be encoded there. */
const oddCallers = [
  '*21#',
  'anna',
  '9'.repeat(300),
  '%E2%80%AE+4940',
  '%F0%9F%93%9E',
  '$%7BEXTEN%7D',
  'x%00',
  '%22%3Cx',
]
