import { commandsOf, optionsOf, readUsage } from './usage-lines.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** `peerage completion SHELL`: what the shell is to suggest. Throws for a shell that we do not know. */
export function completion(usage: string, shell: string | undefined): string {
  const entries = readUsage(usage)
  const commands = commandsOf(entries)
  const options = optionsOf(entries)
  switch (shells.find((known) => known === shell)) {
    case 'bash':
      return bash(commands, options)
    case 'zsh':
      return `#compdef peerage\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands, options)}`
    case 'fish':
      return fish(commands, options)
    case undefined:
      throw new Error(`expected: peerage completion ${shells.join('|')}`)
  }
}

function bash(commands: readonly string[], options: readonly string[]): string {
  return `_peerage() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  case $before in
    --config|-c|--against) COMPREPLY=($(compgen -f -- "$word")); return ;;
    backup|restore) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W '${options.join(' ')}' -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${commands.join(' ')}' -- "$word"))
  fi
}
complete -F _peerage peerage
`
}

function fish(commands: readonly string[], options: readonly string[]): string {
  return [
    ...commands.map((name) => `complete -c peerage -n __fish_use_subcommand -f -a ${name}`),
    ...options.map((name) => `complete -c peerage -l ${name.slice(2)}`),
    '',
  ].join('\n')
}
