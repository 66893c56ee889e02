import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Server } from 'node:https'
import type { Logger } from '../logger.ts'
import type { PbxTls } from './addresses.ts'

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

/** A certificate of the configuration that cannot be used. */
export class CertificateUnusable extends Error {
  override name = 'CertificateUnusable'
  code = 'CERTIFICATE_UNUSABLE' as const
}

/** Reads both files and tries them. Throws `CertificateUnusable`. */
export function readCertificate({ certFile, keyFile }: PbxTls): Certificate {
  const cert = readPem(certFile, 'certFile')
  const key = readPem(keyFile, 'keyFile')
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const problem =
      code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
        ? 'the key is not that of the certificate'
        : `no certificate and key in PEM (${code || String(error)})`
    throw new CertificateUnusable(
      `${certFile} and ${keyFile}: ${problem}; check listen.pbxTls.certFile and .keyFile`,
      { cause: error },
    )
  }
  return { cert, key }
}

/**
 * Uses renewed files from the next connection on, and what there was for as long as they do not fit
 * together: one of the two is always written first. Ends with the disposal.
 */
export function followCertificate(
  server: Server,
  tls: PbxTls,
  log: Logger,
  everyMs: number,
): Disposable {
  const reload = () => {
    try {
      server.setSecureContext(readCertificate(tls))
      log.info({ certificate: tls.certFile }, 'certificate read again')
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      log.warn({ problem }, 'renewed certificate not used, the old one still is')
    }
  }
  const files = [tls.certFile, tls.keyFile]
  // By looking, not by being told: renewal replaces links, of which the kernel tells nothing.
  for (const file of files) watchFile(file, { interval: everyMs, persistent: false }, reload)
  return {
    [Symbol.dispose]() {
      for (const file of files) unwatchFile(file, reload)
    },
  }
}

function readPem(file: string, option: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CertificateUnusable(`${file} cannot be read (${code}); check listen.pbxTls.${option}`)
  }
}
