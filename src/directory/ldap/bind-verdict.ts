import { BerReader, Control } from 'ldapts'
import type { Refusal, Verdict } from '../credentials.ts'
import type { Result } from './reply.ts'
import { inWords } from './result-codes.ts'

/** draft-behera-ldap-password-policy, 6.1; OpenLDAP and 389-ds say more when they are asked so. */
const passwordPolicyOid = '1.3.6.1.4.1.42.2.27.8.5.1'

export class PasswordPolicyControl extends Control {
  constructor() {
    super(passwordPolicyOid)
  }
}

/** What the directory's answer to a bind says about the password. */
export function bindVerdict(result: Result): Verdict {
  const policy = policyRefusal(result.controls.get(passwordPolicyOid))
  // Let in to change the password and for nothing else.
  if (result.code === 0) return policy === null ? right : { kind: 'refused', why: policy }
  if (result.code === 49) {
    const [, subcode = ''] = /\bdata ([\da-f]+)/i.exec(result.diagnostic) ?? []
    const why = activeDirectory[subcode.toLowerCase()] ?? policy ?? 'wrong'
    return { kind: 'refused', why }
  }
  const why = others[result.code]
  // 389-ds says this of an account with nsAccountLock.
  if (result.code === 53 && /inactivated/i.test(result.diagnostic)) {
    return { kind: 'refused', why: 'disabled' }
  }
  if (why !== undefined) return { kind: 'refused', why }
  return { kind: 'unreachable', reason: `bind: ${inWords(result)}` }
}

const right: Verdict = { kind: 'right' }

/** Sub-codes of a refused bind, `… data 52e, …`: Windows' system error codes. */
const activeDirectory: Readonly<Record<string, Refusal>> = {
  '525': 'wrong',
  '52e': 'wrong',
  '530': 'not-now',
  '531': 'not-now',
  '532': 'password-expired',
  '533': 'disabled',
  '701': 'expired',
  '773': 'must-change',
  '775': 'locked',
}

const others: Readonly<Record<number, Refusal>> = {
  19: 'locked', // 389-ds: too many wrong passwords
  32: 'wrong', // no such entry (any more)
  34: 'wrong',
  48: 'wrong', // the entry has no password
}

/** `SEQUENCE { warning [0] OPTIONAL, error [1] ENUMERATED OPTIONAL }`. */
function policyRefusal(value: Buffer | undefined): Refusal | null {
  if (!value || value.length === 0) return null
  try {
    const reader = new BerReader(value)
    reader.readSequence()
    const end = reader.offset + reader.length
    while (reader.offset < end) {
      const tag = reader.readSequence()
      const next = reader.offset + reader.length
      if (tag === 0x81) return policyErrors[reader.buffer[reader.offset] ?? -1] ?? null
      reader.offset = next
    }
  } catch {
    return null // what cannot be read says nothing; the result code counts
  }
  return null
}

const policyErrors: Readonly<Record<number, Refusal>> = {
  0: 'password-expired',
  1: 'locked',
  2: 'must-change',
}
