import pino, { type Logger as PinoLogger } from 'pino'

/** What every folder is given to speak with: an object, then a short constant phrase. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Secrets are redacted by path, once, here; whatever is logged under these names never shows. */
const secretNames = ['password', 'secret', 'pin', 'token', 'authorization', 'cookie', 'csrf']
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** JSON lines on stdout: rotation is the business of whoever runs the service. */
export function openLogger(level: LogLevel): PinoLogger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretPaths, censor: '(redacted)' },
  })
}
