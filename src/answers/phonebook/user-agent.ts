/** Model and version as a phone says in its User-Agent. Only a hint: softphones say anything. */
export interface PhoneModel {
  readonly model: string
  readonly version: string | null
}

/** Null when the text is of no phone that is known here, or of no single one. */
export function readUserAgent(text: string): PhoneModel | null {
  if (text.length > 300) return null
  for (const pattern of patterns) {
    const match = pattern.exec(text)?.groups
    if (match) return { model: match['model'] ?? '', version: match['version'] ?? null }
  }
  return null
}

/** Anchored: a softphone calls itself `fanvil yealink grandstream …` to be let in everywhere. */
const patterns = [
  /^yealink[\s-]+(?:SIP(?: VP)?-)?(?<model>[\w-]+)\s+(?<version>[\d.]+)/i,
  /^(?<model>VP530P?|W52P)\s(?<version>[\d.]+)/,
  /^Mozilla\/4\.0 \(compatible; snom(?<model>\w+)-SIP\s(?<version>[\d.]+)/,
  /^Grandstream Model HW (?<model>\w+)(?:\s+V\S+)? SW (?<version>\S+) DevId/i,
  /^FileTransport Polycom\w+-(?<model>\w*?)-UA\/(?<version>[\d.]+)/,
  /^(?:Cisco|Linksys)\/(?<model>[\w-]+?)-(?<version>[\d.]+\S*)/,
  /^Cisco-CP-(?<model>\d{4})-3PCC\/(?<version>\S+)/i,
  /^(?:Aastra|Mitel)(?<model>\w+) MAC:[^ ]+ V:(?<version>[^ ]+)-SIP$/,
  /^(?:Gigaset |Auerswald )?(?<model>(?:N\d{3}|COMfortel)[^/]*)\/(?<version>[^;]+)/,
  /^Fanvil (?<model>\S+(?:\s?Pro)?) (?<version>[\d.]+) [\da-f]{12}/i,
  /^flyingvoice (?<model>\S+) V?(?<version>[\d.]+)/i,
  /^Htek (?<model>\S+) (?<version>\S+) \S+$/,
  /^Panasonic_(?<model>[^ ]+)\/(?<version>[^ ]+) \(/,
  /^ALE (?<model>\S+) (?<version>[\d.]+) [0-9a-f]{12}/,
  /^Alcatel IP Touch (?<model>\d+)\/(?<version>[\w.]+)/,
  /^thomson (?<model>\w+) hw\S+ fw(?<version>\S+)/i,
  /AVAYA\/(?<model>\w+)-(?<version>[\d.]+)\s\(MAC:/,
]
