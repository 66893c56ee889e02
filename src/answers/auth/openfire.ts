/** What Openfire has to know of one directory to let the same people in. */
export interface OpenfireDirectory {
  /** Openfire tries one after the other, all on the same port. */
  readonly hosts: readonly string[]
  readonly port: number
  readonly tls: 'ldaps' | 'starttls' | 'none'
  readonly base: string
  readonly user: string | null
  readonly filter: string
  readonly userField: string
  readonly nameField: string
  readonly mailField: string
}

/**
 * The part of `openfire.xml` that makes Openfire ask the directory itself; read by its
 * LdapManager, which joins `searchFilter` with the user's name. The password is for the
 * administrator to fill in: it is not ours to print.
 */
export function openfireConfiguration(directory: OpenfireDirectory): string {
  const { hosts, port, tls, base, user, filter } = directory
  const settings: readonly (readonly [string, string | null])[] = [
    ['host', hosts.join(' ')],
    ['port', String(port)],
    ['sslEnabled', String(tls === 'ldaps')],
    ['startTlsEnabled', String(tls === 'starttls')],
    ['baseDN', base],
    ['adminDN', user],
    ['adminPassword', user === null ? null : 'FILL IN'],
    ['usernameField', directory.userField],
    ['nameField', directory.nameField],
    ['emailField', directory.mailField],
    ['searchFilter', filter],
    ['connectionPoolEnabled', 'true'],
    ['autoFollowReferrals', 'false'],
  ]
  const lines = settings.flatMap(([name, value]) =>
    value === null ? [] : [`    <${name}>${escapeXml(value)}</${name}>`],
  )
  return `<jive>
  <ldap>
${lines.join('\n')}
  </ldap>
  <provider>
    <auth>
      <className>org.jivesoftware.openfire.ldap.LdapAuthProvider</className>
    </auth>
    <user>
      <className>org.jivesoftware.openfire.ldap.LdapUserProvider</className>
    </user>
    <vcard>
      <className>org.jivesoftware.openfire.ldap.LdapVCardProvider</className>
    </vcard>
  </provider>
</jive>
`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
