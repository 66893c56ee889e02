/** Sound as a telephone has it: 8000 samples a second, one µ-law byte each (G.711). */
export const samplesPerSecond = 8_000

/** 16-bit samples of a sine, from sample number `from` on, so that frames join without a click. */
export function sine(hz: number, from: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, index) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hz * (from + index)) / samplesPerSecond)),
  )
}

export function encodeUlaw(samples: Int16Array): Buffer {
  return Buffer.from(Uint8Array.from(samples, encodeSample))
}

export function decodeUlaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, decodeSample)
}

/** Root mean square of the samples, 0 to 32767. Silence on the line is below 50. */
export function loudness(samples: Int16Array): number {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
  return samples.length === 0 ? 0 : Math.sqrt(energy / samples.length)
}

/**
 * Which part of the sound's energy lies at one frequency, 0 to 1 (Goertzel's algorithm): a pure
 * tone has nearly 1, speech and other tones next to nothing. Over 200 ms it is 5 Hz sharp.
 */
export function shareOf(hz: number, samples: Int16Array): number {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
  if (energy === 0) return 0
  const factor = 2 * Math.cos((2 * Math.PI * hz) / samplesPerSecond)
  let last = 0
  let beforeLast = 0
  for (const sample of samples) {
    const now = sample + factor * last - beforeLast
    beforeLast = last
    last = now
  }
  const power = last * last + beforeLast * beforeLast - factor * last * beforeLast
  return (2 * power) / (samples.length * energy)
}

function encodeSample(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132
  const exponent = 31 - Math.clz32(magnitude) - 7
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff
}

function decodeSample(byte: number): number {
  const bits = ~byte & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 0x07)) - 132
  return bits & 0x80 ? -magnitude : magnitude
}
