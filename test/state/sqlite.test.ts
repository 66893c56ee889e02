import { join } from 'node:path'
import { openSqlite } from '../../src/state/sqlite.ts'
import { databasePath } from '../../src/state/state.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { databaseContract } from './database-contract.ts'

databaseContract('SQLite', async () => {
  const folder = await temporaryFolder()
  let count = 0
  return {
    create: async () => ({ state: `sqlite:${join(folder.path, `state${++count}.db`)}` }),
    open: (options) => openSqlite(databasePath(options)),
    tableNames: `select name from sqlite_master where type = 'table'`,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
})
