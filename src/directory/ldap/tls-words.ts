import type { TLSSocket } from 'node:tls'

/** `TLSv1.3, certificate of dc1.example.org, 212 days left`. */
export function tlsSummary(socket: TLSSocket, verify: boolean, now = Date.now()): string {
  const certificate = socket.getPeerCertificate()
  const days = Math.floor((Date.parse(certificate.valid_to) - now) / 86_400_000)
  const subject = certificate.subject?.CN ?? certificate.subjectaltname ?? 'unknown'
  const checked = verify ? '' : ', NOT verified (verify: false)'
  return `${socket.getProtocol()}, certificate of ${String(subject)}, ${days} days left${checked}`
}

/** The exact cause of a failed handshake, and what would help. */
export function tlsTrouble(error: unknown, caFile: string | null): string {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
      return caFile
        ? `the certificate is not signed by the authority in ${caFile}; check caFile (${code})`
        : `the certificate is signed by an authority that is not known here; name its file as caFile (${code})`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate is for another name; use that name in the address, or set serverName (${message})`
    case 'CERT_HAS_EXPIRED':
      return 'the certificate of the server has expired; it has to be renewed there'
    case 'CERT_NOT_YET_VALID':
      return 'the certificate of the server is not valid yet; check the clocks'
    case 'ENOENT':
    case 'EACCES':
    case 'EISDIR':
      return `caFile ${caFile} cannot be read (${code})`
    case 'ECONNRESET':
      return 'the server broke off the handshake; is this the TLS port? (ldaps:// is mostly 636, StartTLS 389)'
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'the server does not speak TLS on this port (ldaps:// is mostly 636, ldap:// 389)'
    default:
      return code && !message.includes(code) ? `${message} (${code})` : message
  }
}
