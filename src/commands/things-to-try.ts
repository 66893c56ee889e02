import type { Service } from '../service.ts'

/** What to try with the sample company; every line works when it is pasted into a shell. */
export function thingsToTry({ pbx, web, people, newToken, newPassword }: Service): string {
  const realtime = `http://${pbx.host}:${pbx.port}/realtime`
  const api = `http://${web.host}:${web.port}`
  const lines = [
    '',
    `Peerage is answering for the sample company: ${people.size} people, from an LDIF file.`,
    'Stop with Ctrl-C. To try in another terminal, in this folder:',
    '',
    'Who is that?',
    '  npx peerage lookup 501',
    '  npx peerage lookup 501 --secrets',
    '',
    "What Asterisk asks when 501's phone registers, and when somebody dials 502:",
    `  curl -d id=501 ${realtime}/ps_endpoints/single`,
    `  curl -d id=501 ${realtime}/ps_auths/single`,
    `  curl -d 'exten=502&context=internal&priority=1' ${realtime}/extensions/single`,
    '',
    'Change sample/company.ldif and look again, or read it now:',
    '  npx peerage sync',
    '',
    'How old is the data?',
    `  curl ${api}/healthz`,
  ]
  if (newToken !== null) {
    lines.push(
      '',
      'The API (this token is shown once):',
      `  curl -H 'Authorization: Bearer ${newToken}' '${api}/api/lookup?q=501'`,
    )
  }
  if (newPassword !== null) {
    lines.push('', `Account superadmin, password (shown this once): ${newPassword}`)
  }
  lines.push('', 'Your own directory: docs/getting-started.md. Asterisk: asterisk/README.md.', '')
  return `${lines.join('\n')}\n`
}
