import { copyState } from '../state/copy.ts'
import { checkState, makeDatabase, openDatabase, stateName } from '../state/state.ts'

const usage = `peerage state copy sqlite:PATH postgres://USER@HOST/DATABASE

Copies everything: people, secrets, registrations, runs, plans, tokens. Stop the service first. The
other database has to be empty. Secrets stay encrypted: give the nodes the key that they have now
(the file peerage.key beside the old database, as stateKeyFile). The password of the user of
PostgreSQL is taken from PEERAGE_STATE_PASSWORD.
`

/** `peerage state copy FROM TO`. */
export async function state(words: readonly string[]): Promise<number> {
  const [command, from, to, ...others] = words
  if (command !== 'copy' || from === undefined || to === undefined || others.length > 0) {
    process.stderr.write(usage)
    return 2
  }
  const [source, target] = [optionsOf(from), optionsOf(to)]
  await using old = await openDatabase(source)
  if (!old) throw new Error(`there is no state '${stateName(source)}'; nothing was copied`)
  await using fresh = await makeDatabase(target)
  for await (const { table, rows } of copyState(old, fresh)) {
    process.stdout.write(`  ${table.padEnd(18)} ${rows}\n`)
  }
  process.stdout.write(`copied to ${stateName(target)}\n`)
  return 0
}

function optionsOf(text: string) {
  const password = process.env['PEERAGE_STATE_PASSWORD']
  const options = {
    state: text,
    stateKey: 'not needed: secrets are copied as they are',
    ...(password === undefined ? {} : { statePassword: password }),
  }
  const [complaint] = checkState(options)
  if (complaint) throw new Error(`${complaint.path}: ${complaint.problem}`)
  return options
}
