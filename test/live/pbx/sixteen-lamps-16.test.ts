import { describe } from 'vitest'
import { sixteenLampsContract } from './sixteen-lamps.ts'

describe('Asterisk 16', () => sixteenLampsContract(16))
