import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { inRoot } from '../../src/build/repository.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { findCommand } from '../../src/cli/find-command.ts';
import { normaliseArgv } from '../../src/cli/normalise-argv.ts';
import { simpleCommands } from './shell-words.ts';

const PAGES: readonly string[] = execFileSync('git', ['ls-files', '-z', '*.md'], {
  cwd: inRoot(),
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '');

interface Shown {
  readonly page: string;
  readonly line: number;
  readonly argv: readonly string[];
}

/** The command lines of ours in one text, each with its arguments; `…` stands for more of them. */
function ours(text: string): readonly (readonly string[])[] {
  return simpleCommands(text).flatMap((words) => {
    const at = words.findIndex((word) => !/^[A-Z_][A-Z0-9_]*=/.test(word));
    const name = words[at] ?? '';
    if (name !== 'orchestrator' && !name.endsWith('bin/orchestrator')) return [];
    return [words.slice(at + 1).filter((word) => word !== '…')];
  });
}

function shownOn(page: string): readonly Shown[] {
  const text = readFileSync(inRoot(page), 'utf8');
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length;
  const fences = [...text.matchAll(/^```(?:sh|bash|console)\n([\s\S]*?)^```$/gm)];
  const spans = [...text.matchAll(/`(orchestrator [^`]+)`/g)].filter(
    // A pattern of a command line, in which brackets and bars mean what they mean in usage texts.
    ([, span = '']) => !/[[\]|]/.test(span),
  );
  return [...fences, ...spans].flatMap((match) =>
    ours((match[1] ?? '').replaceAll(/<[a-z_]+>/g, 'NAME')).map((argv) => ({
      ...{ page, argv },
      line: lineAt(match.index),
    })),
  );
}

/** What the parser says of a command line, null where every word of it is known. */
function complaint(argv: readonly string[]): string | null {
  const found = findCommand(argv);
  if (!found.ok) return found.failure.message;
  const { problem } = normaliseArgv(found.value.argv, COMMANDS[found.value.name].flags());
  return problem?.message ?? null;
}

t.test('every command line on a page has a command and flags that exist', async (t) => {
  const shown = PAGES.flatMap(shownOn);
  t.ok(shown.length > 100, `${shown.length} command lines are found`);
  for (const { page, line, argv } of shown) {
    t.equal(complaint(argv), null, `${page}:${line} orchestrator ${argv.join(' ')}`);
  }
});

t.test('every flag that stands in a text is one of ours, or of a tool that is named there', async (t) => {
  const known = new Set(Object.values(COMMANDS).flatMap(({ flags }) => flags().map(({ name }) => name)));
  for (const page of PAGES.filter((path) => !path.startsWith('docs/decisions/'))) {
    const text = readFileSync(inRoot(page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
    for (const [, span = '', name = ''] of text.matchAll(/`((?:--resume )?--([a-z0-9-]*[a-z0-9])[^`]*)`/g)) {
      t.ok(known.has(name) || FOREIGN.has(name), `${page}: ${span}`);
    }
  }
});

/** Flags of other programs that the pages speak of. */
const FOREIGN: ReadonlySet<string> = new Set([
  // Claude Code's own limits, Node's debugger, and the beginning of a family of flags that there is not.
  ...['max-budget-usd', 'max-turns', 'inspect', 'no'],
]);

t.test('a command line is split as a shell does', async (t) => {
  t.strictSame(simpleCommands('A=1 a --b \'c d\' "e $(f g)" \\\n  h # i\nj | k && l > m; n 2>&1 <(o p)'), [
    ['A=1', 'a', '--b', 'c d', 'e $(f g)', 'h'],
    ['j'],
    ['k'],
    ['l'],
    ['n'],
    ['o', 'p'],
  ]);
});

t.test('a flag that does not exist is found', async (t) => {
  const [argv = []] = ours('GITHUB_TOKEN=x bin/orchestrator ./out --executer-bin x …');
  t.match(complaint(argv), '--executer-bin: unknown flag');
  t.equal(complaint(['report', './out', '--format', 'html']), null);
  t.match(complaint(['init']), 'reserved');
});
