import type { PresetName } from './options.ts'
import type { Preset } from './preset.ts'
import { activeDirectory } from './presets/active-directory.ts'
import { directory389 } from './presets/389-ds.ts'
import { openldap } from './presets/openldap.ts'
import { zimbra } from './presets/zimbra.ts'

export const presets = {
  'active-directory': activeDirectory,
  openldap,
  '389-ds': directory389,
  zimbra,
} satisfies Record<PresetName, Preset>

export function presetOf(name: PresetName): Preset {
  return presets[name]
}
