import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findConfig, readConfig } from '../config/config.ts'
import type { Config } from '../config/schema.ts'

export interface LoadedConfig {
  readonly config: Config
  /** The file it came from; null: the bundled sample company. */
  readonly file: string | null
}

/** The configuration that a command is meant for; without any file, that of the sample company. */
export function loadConfig(named: string | undefined): LoadedConfig {
  const file = findConfig(named, process.env)
  return file === null ? loadSample() : { config: readConfig(file, process.env), file }
}

/** The bundled company; its state goes to `./data`, where whoever starts it may write. */
export function loadSample(): LoadedConfig {
  const sample = fileURLToPath(new URL('../../sample/peerage.yaml', import.meta.url))
  const config = readConfig(sample, process.env)
  return { config: { ...config, state: `sqlite:${resolve('data/peerage.db')}` }, file: null }
}
