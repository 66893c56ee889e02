import { expect, test } from 'vitest'
import { vendors } from '../../src/answers/phonebook/vendors.ts'
import { hardPeople, openOffice } from './office.ts'

const forms = vendors.flatMap((vendor) =>
  Object.entries(vendor.forms).map(([name, form]) => ({
    vendor: vendor.name,
    name,
    kind: form.kind,
    isXml: form.type === undefined || form.type.startsWith('text/html'),
  })),
)

test.each(forms)('$vendor/$name is as it should be', async ({ vendor, name }) => {
  await using office = await openOffice(hardPeople)
  const text = await office.read(`${vendor}/TOKEN/${name}`)
  await expect(text).toMatchFileSnapshot(
    `golden/${vendor}-${name.replace(/\.\w+$/, '')}${/\.\w+$/.exec(name)?.[0] ?? '.xml'}`,
  )
})

test.each(forms.filter(({ isXml }) => isXml))(
  '$vendor/$name begins with < and holds no control character',
  async ({ vendor, name }) => {
    await using office = await openOffice(hardPeople)
    const { body, headers, status } = await office.ask(`${vendor}/TOKEN/${name}`)
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/; charset=utf-8$/)
    expect(body[0]).toBe('<'.charCodeAt(0))
    // oxlint-disable-next-line no-control-regex
    expect(body.toString()).not.toMatch(/[\0-\x08\x0b-\x1f]|\ufffd{2}/)
  },
)

test.each(forms.filter(({ kind }) => kind !== 'screen'))(
  '$vendor/$name shows neither the hidden, the disabled nor who has no number',
  async ({ vendor, name }) => {
    await using office = await openOffice(hardPeople)
    const text = await office.read(`${vendor}/TOKEN/${name}`)
    expect(text).toMatch(/Berg|Αλφα|Alfa/)
    expect(text).not.toMatch(/Hidden|Disabled|>No<|Number No|No Number/)
  },
)

test.each(forms.filter(({ kind }) => kind !== 'screen'))(
  '$vendor/$name is a valid document when there is nobody',
  async ({ vendor, name }) => {
    await using office = await openOffice([])
    const { status, body } = await office.ask(`${vendor}/TOKEN/${name}`)
    expect(status).toBe(200)
    expect(body.toString()).toBe(body.toString().toWellFormed())
  },
)
