import { expect } from 'vitest'
import type { Service } from '../../../src/service.ts'

/** An XMPP server that asks Peerage who somebody is. */
export interface Messenger {
  /** `signed in as USER@example.org`, or why not. */
  signIn(user: string, password: string): Promise<string>
}

/** With passwords of the directory, as long as somebody is not disabled, and nobody else. */
export async function letsInWhoMay(messenger: Messenger, service: Service): Promise<void> {
  expect(await messenger.signIn('u1003', 'pw1003')).toBe('signed in as u1003@example.org')
  expect(await messenger.signIn('U1003', 'pw1003')).toMatch(/^signed in as u1003@example.org$/i)
  expect(await messenger.signIn('u1003', 'pw1004')).toMatch(/^not-authorized/)
  expect(await messenger.signIn('nobody', 'pw1003')).toMatch(/^not-authorized/)
  expect(await messenger.signIn('u1003', '')).toMatch(/^(not-authorized|malformed-request)/)
  // The extension would be another address of the same person.
  expect(await messenger.signIn('1003', 'pw1003')).toMatch(/^not-authorized/)
  for (const hostile of ['*', 'u1003)(uid=*', 'u1003"},"name":"u1004', 'u1003\\00']) {
    expect(await messenger.signIn(hostile, 'pw1003')).not.toContain('signed in')
  }

  const id = service.people.byUser('u1003')[0]?.id ?? ''
  await service.syncs[0]?.decide(id, 'disable')
  expect(await messenger.signIn('u1003', 'pw1003')).toMatch(/^not-authorized/)
  expect(await messenger.signIn('u1004', 'pw1004')).toBe('signed in as u1004@example.org')
  await service.syncs[0]?.decide(id, 'enable')
  expect(await messenger.signIn('u1003', 'pw1003')).toBe('signed in as u1003@example.org')
}
