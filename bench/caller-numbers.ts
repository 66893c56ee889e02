/** The number of the contact at this place, as a trunk sends it: `0151…`, all different. */
export function numberAt(at: number): string {
  return `0151${String(10_000_000 + at)}`
}
