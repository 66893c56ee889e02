import { expect, test } from 'vitest'
import { ConfigInvalid, parseConfig } from '../../src/config/config.ts'

const complaints = (mail: string, environment = {}) => {
  try {
    const yaml = `sources: { company: { preset: openldap, ldif: ./people.ldif } }\nmail: ${mail}\n`
    return parseConfig(`site: { country: DE }\n${yaml}`, '/srv/peerage.yaml', environment).mail
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error
    return error.complaints.map(({ path, problem }) => `${path} ${problem}`)
  }
}

test('an address to write to is enough', () => {
  expect(complaints('{ to: telephony@example.org }')).toMatchObject({
    to: 'telephony@example.org',
    smtp: 'smtp://localhost',
    verify: true,
  })
})

test('the password comes from the environment too, and the authority lies beside the file', () => {
  const mail = '{ to: [a@b.example], smtp: "smtp://mx.example", user: x, caFile: ca.pem }'
  expect(complaints(mail, { PEERAGE_MAIL_PASSWORD: 'p' })).toMatchObject({
    password: 'p',
    caFile: '/srv/ca.pem',
  })
})

test.each([
  ['{ to: "a@b.example\\r\\nBcc: c@d.example" }', 'mail.to'],
  ['{ to: "a@b.example, c@d.example" }', 'mail.to'],
  ['{ to: a@b.example, from: "Peerage <a@b.example>" }', 'mail.from'],
  ['{ to: a@b.example, smtp: mx.example }', 'mail.smtp'],
  ['{ to: a@b.example, smtp: "smtp://user:hunter2@mx.example" }', 'mail.smtp'],
  ['{ to: a@b.example, smtp: "smtps://mx.example", tls: none }', 'mail.tls'],
  ['{ to: a@b.example, user: x }', 'mail.password'],
  ['{ to: a@b.example, password: x }', 'mail.user'],
  [
    '{ to: a@b.example, smtp: "smtp://mx.example", user: x, password: y, tls: offered }',
    'mail.tls',
  ],
])('%s is refused at %s', (mail, path) => {
  expect(complaints(mail)).toEqual([expect.stringMatching(new RegExp(`^${path} (?!.*hunter2)`))])
})
