/** Words of the page about extensions, public numbers and who has them. */
export const numbersWords = {
  en: {
    extensions: 'Extensions',
    used: 'taken',
    free: 'Free between them',
    noFree: 'No gaps.',
    owner: 'Owner',
    loser: 'Without it',
    noConflicts: 'No conflicts.',
    unreadable: 'Numbers that cannot be read',
    unreadableHint:
      'The rules of the site (country, area code, extension length) make nothing of them.',
    notReadable: 'cannot be read',
    unowned: 'Own public numbers that ring nobody',
  },
  de: {
    extensions: 'Nebenstellen',
    used: 'vergeben',
    free: 'Dazwischen frei',
    noFree: 'Keine Lücken.',
    owner: 'Inhaber',
    loser: 'Ohne die Nummer',
    noConflicts: 'Keine Konflikte.',
    unreadable: 'Nummern, die nicht zu deuten sind',
    unreadableHint:
      'Mit den Regeln des Standorts (Land, Ortsnetz, Länge der Nebenstellen) ergeben sie keine Rufnummer.',
    notReadable: 'nicht zu deuten',
    unowned: 'Eigene öffentliche Nummern, die bei niemandem klingeln',
  },
} as const
