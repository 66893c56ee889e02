import { Type } from 'typebox'

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `30m`, `24h`, `30d`. */
export const durationPattern = '^[0-9]{1,6}[smhd]$'

export function durationProperty(example: string, description: string) {
  return Type.String({ pattern: durationPattern, default: example, description })
}

/** Milliseconds. Wants what `durationPattern` describes. */
export function readDuration(text: string): number {
  const unit = text.at(-1) as keyof typeof units // the pattern allows no other
  return Number(text.slice(0, -1)) * units[unit]
}

/** The largest unit that says it whole, or nearly: `2 days`, `36 hours`, `5 minutes`. */
export function durationText(ms: number): string {
  const minutes = Math.floor(ms / units.m)
  if (minutes < 2) return `${Math.round(ms / 1000)} seconds`
  if (minutes < 120) return `${minutes} minutes`
  return minutes < 48 * 60
    ? `${Math.floor(minutes / 60)} hours`
    : `${Math.floor(minutes / 1440)} days`
}
