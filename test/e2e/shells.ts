import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATH } from './rig.ts';

/** Where a shell is, or why a test that needs it is not run; that is counted. */
export function shellAt(name: string): { readonly path: string; readonly skip: string | false } {
  const found = PATH.split(':')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  return found === undefined ? { path: name, skip: `needs ${name}` } : { path: found, skip: false };
}

/** A completion script, and where it is tried: `folder` is the working directory and the home. */
export interface Trial {
  readonly folder: string;
  readonly script: string;
}

function output(command: string, args: readonly string[], folder: string): string {
  const env = { PATH, HOME: folder, LC_ALL: 'C', TERM: 'dumb' };
  const run = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
  if (run.status !== 0) throw new Error(`${command}: ${run.status} ${run.stdout} ${run.stderr}`);
  return run.stdout;
}

/** What bash offers for the last of these words; `=` is a word of its own, as bash takes lines apart. */
export function bashOffers({ folder, script }: Trial, words: readonly string[]): readonly string[] {
  const code = `${script}
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _orchestrator
    for one in "\${COMPREPLY[@]}"; do printf '%s\\0' "$one"; done`;
  const said = output(shellAt('bash').path, ['--norc', '-c', code, 'bash', 'orchestrator', ...words], folder);
  return said.split('\0').slice(0, -1).sort();
}

/** What fish offers for a line, without the descriptions. */
export function fishOffers(trial: Trial, line: string): readonly string[] {
  return fishDescribes(trial, line).flatMap((one) => one.split('\t')[0] || []);
}

/** What fish offers for a line; a tab is between a word and its description. */
export function fishDescribes({ folder, script }: Trial, line: string): readonly string[] {
  const code = `${script}\ncomplete -C '${line}'`;
  const said = output(shellAt('fish').path, ['--no-config', '-c', code], folder);
  return said
    .split('\n')
    .filter((one) => one !== '')
    .sort();
}

/** What a line has become in an interactive zsh after one Tab. */
export function zshCompletes(trial: Trial, line: string): string {
  const said = zshAfterTab(trial, line, 'complete-word');
  return /<<(.*)>>/.exec(said)?.[1] ?? said;
}

/** What an interactive zsh shows below a line for which there is more than one word, with their descriptions. */
export function zshLists(trial: Trial, line: string): string {
  return zshAfterTab(trial, line, 'list-choices');
}

function zshAfterTab({ folder, script }: Trial, line: string, widget: string): string {
  writeFileSync(join(folder, 'completion.zsh'), script);
  const code = `
    zmodload zsh/zpty
    zpty z zsh -f -i
    zpty -w z 'PROMPT= RPROMPT=; unsetopt prompt_cr prompt_sp; autoload -Uz compinit; compinit -u -D; . ./completion.zsh'
    zpty -w z 'show() { print -r -- "<<$BUFFER>>" }; zle -N show; bindkey "^X" show; bindkey "^I" ${widget}'
    zpty -w z 'print -r "RE""ADY"'
    zpty -r z seen '*READY*' || exit 3
    zpty -w -n z "$1"$'\\t\\C-x'
    zpty -r z seen '*<<*>>*' || exit 4
    print -r -- "$seen"
    zpty -d z`;
  return output(shellAt('zsh').path, ['-f', '-c', code, 'zsh', line], folder);
}
