import { encodeQR } from 'qr'

/** A code to be scanned, as the path of an SVG in which a module is 1 by 1. */
export interface QrCode {
  /** Modules from edge to edge, the quiet zone of four included. */
  readonly size: number
  readonly path: string
}

export function qrOf(text: string): QrCode {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  const path = rows
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return { size: rows.length, path }
}
