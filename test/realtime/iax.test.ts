import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'

const ldif = entry('zoe', 1, { telephoneNumber: '501' })
const registration = 'ipaddr=127.0.0.1&port=4570&regseconds=1795314936'

test('an IAX2 telephone registers beside the SIP one of its owner, and both leave with him', async () => {
  await using company = await startTestService({ ldif })
  expect(await company.ask('iaxpeers/single', 'name=501&host=dynamic')).toContain('auth=md5')
  expect(await company.ask('iaxpeers/update?name=501', registration)).toBe('1')
  expect(await company.ask('sippeers/update?name=501', registration.replace('4570', '5071'))).toBe(
    '1',
  )
  const at = (family: string, port: number) =>
    company.ask(`${family}/single`, `ipaddr=127.0.0.1&port=${port}`)
  expect(await at('iaxpeers', 4570)).toMatch(/^name=501&.*port=4570/)
  expect(await at('iaxusers', 4570)).toMatch(/^name=501/)
  expect(await at('sippeers', 4570)).toBe('')
  expect(await company.ask('iaxpeers/update?name=599', registration)).toBe('0')

  await company.change(entry('zoe', 1, { telephoneNumber: '511' }))
  await company.change(entry('heir', 2, { telephoneNumber: '501' }))
  await company.service.asterisks.settled()
  expect(await company.ask('iaxpeers/single', 'name=501')).not.toContain('ipaddr')
  expect(await company.ask('sippeers/single', 'name=501')).not.toContain('ipaddr')
})
