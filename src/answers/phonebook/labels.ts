import type { ContactNumberKind } from './contact.ts'

/** Languages that phones are spoken to in. */
export const languages = ['en', 'de', 'fr', 'es', 'it', 'pl', 'ru', 'uk'] as const
export type Language = (typeof languages)[number]

/** What a phone shows beside names and numbers. */
export type Word =
  | ContactNumberKind
  | 'directory'
  | 'search'
  | 'prompt'
  | 'next'
  | 'previous'
  | 'dial'
  | 'exit'
  | 'nobody'
  | 'everybody'

/** `label('mobile', 'de')`: Mobil. */
export function label(word: Word, language: Language): string {
  return words[word][languages.indexOf(language)] ?? words[word][0]
}

/** In the order of `languages`. */
const words: Readonly<Record<Word, readonly [string, ...string[]]>> = {
  extension: [
    'Extension',
    'Intern',
    'Interne',
    'Interno',
    'Interno',
    'Wewnętrzny',
    'Внутренний',
    'Внутрішній',
  ],
  work: ['Work', 'Büro', 'Bureau', 'Trabajo', 'Ufficio', 'Praca', 'Рабочий', 'Робочий'],
  mobile: ['Mobile', 'Mobil', 'Mobile', 'Móvil', 'Cellulare', 'Komórka', 'Мобильный', 'Мобільний'],
  home: ['Home', 'Privat', 'Domicile', 'Casa', 'Casa', 'Dom', 'Домашний', 'Домашній'],
  fax: ['Fax', 'Fax', 'Fax', 'Fax', 'Fax', 'Faks', 'Факс', 'Факс'],
  pager: ['Pager', 'Pager', 'Pager', 'Busca', 'Cercapersone', 'Pager', 'Пейджер', 'Пейджер'],
  assistant: [
    'Assistant',
    'Assistenz',
    'Assistant',
    'Asistente',
    'Assistente',
    'Asystent',
    'Помощник',
    'Помічник',
  ],
  other: ['Other', 'Andere', 'Autre', 'Otro', 'Altro', 'Inny', 'Другой', 'Інший'],
  directory: [
    'Directory',
    'Telefonbuch',
    'Annuaire',
    'Directorio',
    'Rubrica',
    'Książka telefoniczna',
    'Справочник',
    'Довідник',
  ],
  search: ['Search', 'Suchen', 'Rechercher', 'Buscar', 'Cerca', 'Szukaj', 'Поиск', 'Пошук'],
  prompt: [
    'Name or number',
    'Name oder Nummer',
    'Nom ou numéro',
    'Nombre o número',
    'Nome o numero',
    'Nazwisko lub numer',
    'Имя или номер',
    'Ім’я або номер',
  ],
  next: ['Next', 'Weiter', 'Suivant', 'Siguiente', 'Avanti', 'Dalej', 'Далее', 'Далі'],
  previous: ['Previous', 'Zurück', 'Précédent', 'Anterior', 'Indietro', 'Wstecz', 'Назад', 'Назад'],
  dial: ['Dial', 'Wählen', 'Appeler', 'Llamar', 'Chiama', 'Dzwoń', 'Вызов', 'Виклик'],
  exit: ['Exit', 'Ende', 'Quitter', 'Salir', 'Esci', 'Wyjście', 'Выход', 'Вихід'],
  nobody: [
    'No entries',
    'Keine Einträge',
    'Aucune entrée',
    'Sin resultados',
    'Nessuna voce',
    'Brak wpisów',
    'Нет записей',
    'Немає записів',
  ],
  everybody: ['Everybody', 'Alle', 'Tous', 'Todos', 'Tutti', 'Wszyscy', 'Все', 'Усі'],
}
