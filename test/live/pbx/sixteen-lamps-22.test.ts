import { describe } from 'vitest'
import { sixteenLampsContract } from './sixteen-lamps.ts'

describe('Asterisk 22', () => sixteenLampsContract(22))
