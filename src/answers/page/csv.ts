/** A table as RFC 4180 has it, with a byte order mark: without one, Excel reads UTF-8 as Latin-1. */
export function encodeCsv(rows: readonly (readonly unknown[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)
  // What begins like a formula is one for a spreadsheet, unless it is plainly a number.
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d ]+$/.test(text)
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`
}
