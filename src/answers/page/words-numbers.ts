/** Words of the page about extensions, public numbers and who has them. */
export const numbersWords = {
  en: {
    extensions: 'Extensions',
    digits: 'digits',
    used: 'taken',
    free: 'Free between them',
    noFree: 'No gaps.',
    owner: 'Owner',
    loser: 'Without it',
    noConflicts: 'No conflicts.',
    unreadable: 'Numbers that cannot be read',
    unreadableHint:
      'The rules of the site (country, area code, extension length) make nothing of them.',
    unowned: 'Own public numbers that ring nobody',
  },
  de: {
    extensions: 'Durchwahlen',
    digits: 'Stellen',
    used: 'vergeben',
    free: 'Dazwischen frei',
    noFree: 'Keine Lücken.',
    owner: 'Inhaber',
    loser: 'Ohne sie',
    noConflicts: 'Keine Konflikte.',
    unreadable: 'Nummern, die nicht zu lesen sind',
    unreadableHint:
      'Mit den Regeln des Standorts (Land, Ortsnetz, Länge der Durchwahl) ergeben sie nichts.',
    unowned: 'Eigene öffentliche Nummern, bei denen niemand klingelt',
  },
} as const
