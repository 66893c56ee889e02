import anyAscii from 'any-ascii'

/**
 * A name in the 26 letters that every telephone has. `country` decides how umlauts are written:
 * `Müller` is `Mueller` where German is written, and `Muller` elsewhere.
 */
export function latinName(name: string, country: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return name
  const spelt = germanCountries.has(country)
    ? name.normalize('NFC').replaceAll(/[ÄÖÜäöü]/g, (letter) => umlauts[letter] ?? letter)
    : name
  return anyAscii(spelt)
    .replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}

const germanCountries: ReadonlySet<string> = new Set(['DE', 'AT', 'CH', 'LI', 'LU'])

const umlauts: Readonly<Record<string, string>> = {
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
}
