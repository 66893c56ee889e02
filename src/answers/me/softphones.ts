import { el, xmlDocument } from '../phonebook/xml.ts'
import type { SipAccount } from './sip-account.ts'

/**
 * The account as Linphone fetches it from a link that it scanned: remote provisioning, by the keys of
 * linphonerc (liblinphone, "Provisioning configuration keys"). `transient_provisioning`: the link is
 * not asked again at each start (remote_provisioning.c); it works once only.
 */
export function linphoneXml(account: SipAccount): string {
  const { name, user, secret, server, domain, transport } = account
  return xmlDocument(
    el(
      'config',
      { xmlns: 'http://www.linphone.org/xsds/lpconfig.xsd' },
      section('misc', { transient_provisioning: '1' }),
      section('sip', { default_proxy: '0' }),
      section('auth_info_0', { username: user, userid: user, passwd: secret, domain }),
      section('proxy_0', {
        reg_proxy: `<sip:${server};transport=${transport}>`,
        reg_identity: `"${name}" <sip:${user}@${domain}>`,
        reg_sendregister: '1',
        reg_expires: '3600',
        publish: '0',
      }),
    ),
  )
}

function section(name: string, entries: Readonly<Record<string, string>>) {
  const all = Object.entries(entries)
  return el(
    'section',
    { name, overwrite: 'true' },
    ...all.map(([key, value]) => el('entry', { name: key, overwrite: 'true' }, value)),
  )
}

/** The account as Grandstream Wave scans it: the code itself holds it, and knows no transport. */
export function waveXml({ name, user, secret, server, domain }: SipAccount): string {
  const isElsewhere = !server.startsWith(domain)
  const account = el(
    'Account',
    el('RegisterServer', isElsewhere ? domain : server),
    ...(isElsewhere ? [el('OutboundServer', server)] : []),
    el('UserID', user),
    el('AuthID', user),
    el('AuthPass', secret),
    el('AccountName', user),
    // Its scanner reads nothing beyond ASCII.
    el('DisplayName', name.normalize('NFD').replaceAll(/[^ -~]/g, '')),
  )
  return `<?xml version="1.0" encoding="utf-8"?>${el('AccountConfig', { version: 1 }, account).toString()}`
}
