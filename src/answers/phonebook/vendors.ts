import type { Vendor } from './vendor.ts'
import { alcatel } from './vendors/alcatel.ts'
import { avaya } from './vendors/avaya.ts'
import { cisco } from './vendors/cisco.ts'
import { digium } from './vendors/digium.ts'
import { escene } from './vendors/escene.ts'
import { fanvil } from './vendors/fanvil.ts'
import { flyingvoice } from './vendors/flyingvoice.ts'
import { fritzbox } from './vendors/fritzbox.ts'
import { gigaset } from './vendors/gigaset.ts'
import { grandstream } from './vendors/grandstream.ts'
import { htek } from './vendors/htek.ts'
import { microsip } from './vendors/microsip.ts'
import { mitel } from './vendors/mitel.ts'
import { linphone, neutral } from './vendors/neutral.ts'
import { panasonic } from './vendors/panasonic.ts'
import { poly } from './vendors/poly.ts'
import { snomDect } from './vendors/snom-dect.ts'
import { snom } from './vendors/snom.ts'
import { thomson } from './vendors/thomson.ts'
import { yealink } from './vendors/yealink.ts'

/** Every maker whose phones are spoken to. */
export const vendors: readonly Vendor[] = [
  alcatel,
  avaya,
  cisco,
  digium,
  escene,
  fanvil,
  flyingvoice,
  fritzbox,
  gigaset,
  grandstream,
  htek,
  linphone,
  microsip,
  mitel,
  neutral,
  panasonic,
  poly,
  snom,
  snomDect,
  thomson,
  yealink,
]

/** By the name in an address. */
export function findVendor(name: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.name === name)
}
