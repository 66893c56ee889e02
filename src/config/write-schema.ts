/** `npm run schema`: writes `peerage.schema.json`, which editors check and complete a file with. */
import { writeFileSync } from 'node:fs'
import { schemaText } from './schema-text.ts'

writeFileSync(new URL('../../peerage.schema.json', import.meta.url), schemaText())
