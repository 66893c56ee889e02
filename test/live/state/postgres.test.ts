import { startPostgres } from '../../rig/postgres.ts'
import { parseAddress } from '../../../src/state/postgres/address.ts'
import { openPostgres } from '../../../src/state/postgres/postgres.ts'
import { databaseContract } from '../../state/database-contract.ts'

databaseContract('PostgreSQL', async () => {
  const postgres = await startPostgres()
  return {
    create: async () => ({ state: await postgres.createDatabase() }),
    async open({ state }) {
      const address = parseAddress(state)
      if (!address) throw new Error(`${state} is no address`)
      return openPostgres(address, 'test')
    },
    tableNames: `select tablename as name from pg_tables where schemaname = 'public'`,
    [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
  }
})
