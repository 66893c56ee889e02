/** systemd hands over from this file descriptor on (sd_listen_fds(3), SD_LISTEN_FDS_START). */
const first = 3

/**
 * Numbers of the listening sockets that systemd opened for this process (a `.socket` unit): it
 * keeps them over a restart, and whoever connects meanwhile waits. Empty: there are none.
 */
export function inheritedSockets(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): readonly number[] {
  if (environment['LISTEN_PID'] !== String(pid)) return []
  const count = Number(environment['LISTEN_FDS'])
  if (!Number.isInteger(count) || count < 1 || count > 64) return []
  return Array.from({ length: count }, (_, index) => first + index)
}
