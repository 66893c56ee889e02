/** What is counted: how it is called when there is one, and when there is any other number of it. */
export const countedWords = {
  en: {
    'one-person': 'Person',
    'many-person': 'People',
    'one-conflict': 'Conflict',
    'many-conflict': 'Conflicts',
    'one-entry': 'Entry',
    'many-entry': 'Entries',
    'one-concerned': 'person concerned',
    'many-concerned': 'people concerned',
    'one-digit': 'digit',
    'many-digit': 'digits',
    'one-contact': 'contact',
    'many-contact': 'contacts',
    'one-number': 'number',
    'many-number': 'numbers',
    'one-name': 'part of a name',
    'many-name': 'parts of names',
    'one-byte': 'byte',
    'many-byte': 'bytes',
    'one-read': 'entry read',
    'many-read': 'entries read',
    'one-left':
      'person would belong to no source. He is answered as before, until somebody approves the plan that he goes.',
    'many-left':
      'people would belong to no source. They are answered as before, until somebody approves the plan that they go.',
  },
  de: {
    'one-person': 'Person',
    'many-person': 'Personen',
    'one-conflict': 'Konflikt',
    'many-conflict': 'Konflikte',
    'one-entry': 'Eintrag',
    'many-entry': 'Einträge',
    'one-concerned': 'betroffene Person',
    'many-concerned': 'betroffene Personen',
    'one-digit': 'Stelle',
    'many-digit': 'Stellen',
    'one-contact': 'Kontakt',
    'many-contact': 'Kontakte',
    'one-number': 'Nummer',
    'many-number': 'Nummern',
    'one-name': 'Teil eines Namens',
    'many-name': 'Teile von Namen',
    'one-byte': 'Byte',
    'many-byte': 'Byte',
    'one-read': 'Eintrag gelesen',
    'many-read': 'Einträge gelesen',
    'one-left':
      'Person gehörte dann zu keiner Quelle. Für sie wird weiter geantwortet, bis jemand den Plan genehmigt, mit dem sie gelöscht wird.',
    'many-left':
      'Personen gehörten dann zu keiner Quelle. Für sie wird weiter geantwortet, bis jemand den Plan genehmigt, mit dem sie gelöscht werden.',
  },
} as const

/** What `counted` and `noun` of the wording know. */
export type Counted = keyof typeof countedWords.en extends infer Key
  ? Key extends `one-${infer What}`
    ? What
    : never
  : never
