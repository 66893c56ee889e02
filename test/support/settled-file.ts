import { rename, utimes, writeFile } from 'node:fs/promises'

const longAgo = 60_000

/** Writes a file as if it had been left alone for a minute: nobody need wait whether more comes. */
export async function writeSettled(file: string, text: string): Promise<void> {
  const written = `${file}.written`
  await writeFile(written, text)
  const time = new Date(Date.now() - longAgo)
  await utimes(written, time, time)
  await rename(written, file)
}
