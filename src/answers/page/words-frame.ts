/** Around every page: the ways between them, and what is said instead of one. */
export const frameWords = {
  en: {
    skip: 'To the content',
    pages: 'Pages',
    notFound: 'There is no such page.',
    notAllowed: 'You may not do this.',
    notUnderstood: 'This address or form is not complete, or not correct.',
    brokenHere: 'Something went wrong here. The log of the service says more.',
    forged:
      'This request did not come from a page of ours. Go back, reload the page and try again.',
  },
  de: {
    skip: 'Zum Inhalt',
    pages: 'Seiten',
    notFound: 'Diese Seite gibt es nicht.',
    notAllowed: 'Das dürfen Sie nicht.',
    notUnderstood: 'Diese Adresse oder dieses Formular ist unvollständig oder falsch.',
    brokenHere: 'Hier ist etwas schiefgegangen. Näheres steht im Protokoll des Dienstes.',
    forged:
      'Diese Anfrage kam nicht von einer unserer Seiten. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
  },
} as const
