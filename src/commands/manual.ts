import { readUsage } from './usage-lines.ts'

/** `peerage manual`: the manual page, peerage(1), in the language of man(7). */
export function manual(usage: string, version: string): string {
  const entries = readUsage(usage)
  const [about = ''] = usage.split('\n')
  const lines = [
    `.TH PEERAGE 1 "" "Peerage ${version}"`,
    '.SH NAME',
    'peerage \\- people of the directory for Asterisk and its phones',
    '.SH SYNOPSIS',
    '.B peerage',
    '.I COMMAND',
    '[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    escape(about),
    '.SH COMMANDS',
  ]
  for (const { form, text, options } of entries.filter(({ form }) => !form.startsWith('-'))) {
    lines.push('.TP', `.B peerage ${escape(form)}`, escape(text))
    for (const option of options) {
      lines.push('.RS', '.TP', `.B ${escape(option.form)}`, escape(option.text), '.RE')
    }
  }
  lines.push('.SH OPTIONS')
  for (const { form, text } of entries.filter(({ form }) => form.startsWith('-'))) {
    lines.push('.TP', `.B ${escape(form)}`, escape(text))
  }
  lines.push(
    '.SH FILES',
    '.TP',
    '.I /etc/peerage/peerage.yaml',
    'The configuration.',
    '.SH SIGNALS',
    '.TP',
    '.B SIGHUP',
    'Takes up a changed configuration; an unchanged one: reads the directories now.',
    '.TP',
    '.B SIGTERM, SIGINT',
    'Finishes what is on its way and ends.',
    '.SH EXIT STATUS',
    '0: done; 1: failed; 2: not understood.',
    '',
  )
  return lines.join('\n')
}

/** A line that begins with a dot or an apostrophe would be a request to the formatter. */
function escape(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')
}
