import { ensureAsterisk } from './asterisk-tree.ts'
import { ensurePackages } from './packages.ts'

const packages = [
  'chromium',
  'linphone-cli',
  'slapd',
  'ldap-utils',
  'openssl',
  'samba',
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-dsdb-modules',
  'samba-vfs-modules',
  'winbind',
  'krb5-user',
  'ldb-tools',
  'smbclient',
  'python3-samba',
  'python3-setproctitle',
  '389-ds-base',
  'attr',
  'acl',
]

/** Before the live tests: the servers that they start. Seconds when everything is there. */
export async function setup(): Promise<void> {
  await ensurePackages(packages)
  await ensureAsterisk(22)
  await ensureAsterisk(16)
}
