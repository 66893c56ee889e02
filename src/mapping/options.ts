import { Type, type Static } from 'typebox'
import { conditionFields, fieldKeys, isConditionField, type FieldKey } from './fields.ts'

export const presetNames = ['active-directory', 'openldap', '389-ds', 'zimbra'] as const
export type PresetName = (typeof presetNames)[number]

const names = Type.Union([Type.String(), Type.Array(Type.String())])

const step = Type.Object(
  {
    from: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description: 'Attribute or mapped field, or several of them; dn, dn.ou; for groups: tree.',
      }),
    ),
    match: Type.Optional(
      Type.String({
        description: 'Regular expression; its first bracket, or the whole match, is the value.',
        examples: ['(\\d{3,4})$'],
      }),
    ),
    replace: Type.Optional(
      Type.String({
        description: 'Put in place of every match; $1 is the first bracket.',
      }),
    ),
    template: Type.Optional(
      Type.String({
        description: 'Text with {attributes} in it; {value} is what was found so far.',
        examples: ['{givenName} {sn}', '9{value}'],
      }),
    ),
    values: Type.Optional(
      Type.Union([Type.Literal('first'), Type.Literal('all')], {
        description: 'Default: first for texts, all for lists.',
      }),
    ),
    split: Type.Optional(
      Type.String({ description: 'Separator inside one value.', examples: [';'], minLength: 1 }),
    ),
    own: Type.Optional(
      Type.Boolean({
        description: 'For did: only numbers that site.dids give to this person or to nobody.',
      }),
    ),
    base: Type.Optional(
      Type.String({
        description:
          'With `from: tree`: the units below this DN are groups. Default: the base of the source.',
        examples: ['OU=Company,DC=example,DC=org'],
      }),
    ),
    whenGone: Type.Optional(
      Type.Union([Type.Literal('clear'), Type.Literal('keep')], {
        description:
          'What becomes of the value when the directory has none any more: `clear` (default), or `keep` the last one.',
      }),
    ),
  },
  { additionalProperties: false },
)

const rule = Type.Union([
  Type.Null(),
  Type.String(),
  step,
  Type.Array(Type.Union([Type.String(), step])),
])

const condition = Type.Object(
  {
    from: Type.String({ description: 'Attribute that is asked.' }),
    is: Type.Optional(names),
    isNot: Type.Optional(names),
    match: Type.Optional(Type.String({ description: 'Regular expression.' })),
  },
  { additionalProperties: false },
)

const conditions = Type.Union([
  Type.Null(),
  Type.String(),
  condition,
  Type.Array(Type.Union([Type.String(), condition])),
])

export type StepOptions = Static<typeof step>
export type RuleOptions = Static<typeof rule>
export type ConditionOptions = Static<typeof condition>
export type ConditionsOptions = Static<typeof conditions>

const descriptions: Partial<Record<FieldKey, string>> = {
  extension:
    'The internal number. A full public number counts when site.dids has an extension for it.',
  aliases: 'Further ids that reach the same person inside.',
  did: 'Public numbers that ring this person.',
  groups:
    'Group names or DNs; classes are chosen by them. `tree`: the units that the entry stands under.',
  disabled:
    'When the person is not let in, besides what the preset knows: an attribute that is TRUE, or { from, is | isNot | match }. null: never.',
  hidden: 'When the person is kept out of phone books.',
  sipSecret: 'SIP password, when the directory is to dictate it.',
}

/** `map` knows its fields for editors; an unknown one is named by `checkMapping` with a suggestion. */
const mapProperties = Object.fromEntries(
  fieldKeys.map((key) => [
    key,
    Type.Optional({
      ...(isConditionField(key) ? conditions : rule),
      description: descriptions[key] ?? `How ${key} is made from the entry. null: not at all.`,
    }),
  ]),
)

export type MapOptions = {
  readonly [key in Exclude<FieldKey, (typeof conditionFields)[number]>]?: RuleOptions
} & {
  readonly [key in (typeof conditionFields)[number]]?: ConditionsOptions
}

/** How entries of a source become people. */
export const mappingProperties = {
  preset: Type.Union(
    presetNames.map((name) => Type.Literal(name)),
    {
      description:
        'The kind of directory: its filter, its immutable id, the usual attributes, and how it says that somebody is disabled.',
      examples: ['active-directory'],
    },
  ),
  contacts: Type.Optional(
    Type.Boolean({
      description: 'Active Directory: also take contacts (people without an account).',
      default: false,
    }),
  ),
  importGroup: Type.Optional(
    Type.String({
      pattern: '^[^{},\u0000-\u001f]{1,100}$',
      description: 'A group that everybody of this source is in, besides those of the directory.',
      examples: ['ldap-people'],
    }),
  ),
  map: Type.Optional(
    Type.Object(mapProperties, {
      description: 'What differs from the preset, field by field.',
      default: {},
    }),
  ),
}

export interface MappingOptions {
  readonly preset: PresetName
  readonly contacts?: boolean
  readonly importGroup?: string
  /** Of the source: where the tree begins whose units are groups. */
  readonly base?: string
  readonly map?: MapOptions
}
