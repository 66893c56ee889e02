import { expect, test } from 'vitest'
import { startLinphone } from '../../rig/linphone.ts'
import { openStaff } from './staff.ts'

test('a Linphone that scanned the link sets itself up, registers, and does not need it again', async () => {
  await using staff = await openStaff()
  const link = await staff.setupLink('ada', 'engine-no-1')
  await using linphone = await startLinphone({ configUri: link })
  await linphone.registered()
  const [contact] = [...staff.service.state.contacts.values()]
  expect(contact).toMatchObject({ endpoint: '501' })
  expect((await fetch(link)).status).toBe(404)
  await linphone.restart()
  await linphone.registered()
  expect(await linphone.settings()).not.toContain(link)
})
