/** A line of RFC 4180. */
export function csvLine(cells: readonly string[], end = '\r\n'): string {
  return `${cells.map((cell) => quote(cell)).join(',')}${end}`
}

function quote(cell: string): string {
  return /[",#\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
