import { setTimeout as delay } from 'node:timers/promises'
import type { Company } from './company.ts'

/** Ids of the channels in the application; null: nobody has registered it. */
async function waitingIn({ asterisk: { ari } }: Company): Promise<readonly string[] | null> {
  const basic = Buffer.from(`${ari.user}:${ari.password}`).toString('base64')
  const answer = await fetch(`${ari.url}/ari/applications/peerage`, {
    headers: { authorization: `Basic ${basic}` },
  })
  if (answer.status === 404) return null
  return ((await answer.json()) as { channel_ids: string[] }).channel_ids // as ARI describes it
}

/** Resolves when Peerage is there for Stasis(). */
export async function untilApplication(company: Company): Promise<void> {
  while ((await waitingIn(company)) === null) await delay(50)
}

/** Resolves when so many calls are in Stasis(). */
export async function untilWaiting(company: Company, wanted: number): Promise<void> {
  while (((await waitingIn(company)) ?? []).length < wanted) await delay(50)
}

/** Resolves when Peerage is not there for Stasis() any more. */
export async function untilNoApplication(company: Company): Promise<void> {
  while ((await waitingIn(company)) !== null) await delay(20)
}
