/** The words of one simple command. */
export type Words = readonly string[];

const OPERATORS = /^(?:&&|\|\||;;|<\(|>\(|[;|&()\n])/;
const REDIRECTION = /^\d*(?:>>|<<|>&|<&|[<>])/;

/**
 * The simple commands of a shell text, as words: enough of the shell for what documents show. Quotes are taken off,
 * comments and redirections left out; what stands in `$(…)` stays in its word.
 */
export function simpleCommands(text: string): readonly Words[] {
  const commands: string[][] = [[]];
  let rest = text.replaceAll('\\\n', ' ');
  while (rest !== '') {
    const [operator] = OPERATORS.exec(rest) ?? [];
    const [blank] = /^[ \t]+|^#[^\n]*/.exec(rest) ?? [];
    const [redirection] = REDIRECTION.exec(rest) ?? [];
    if (operator !== undefined) {
      commands.push([]);
      rest = rest.slice(operator.length);
    } else if (blank !== undefined) rest = rest.slice(blank.length);
    else if (redirection !== undefined) rest = afterWord(rest.slice(redirection.length).trimStart()).rest;
    else {
      const { word, rest: left } = afterWord(rest);
      commands.at(-1)?.push(word);
      rest = left;
    }
  }
  return commands.filter((words) => words.length > 0);
}

function afterWord(text: string): { readonly word: string; readonly rest: string } {
  const [raw = ''] =
    /^(?:'[^']*'|"(?:\\.|\$\([^)]*\)|[^"\\])*"|\$\([^)]*\)|\\.|[^\s'"\\;|&()<>])+/.exec(text) ?? [];
  const word = raw.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_, single, double, plain) =>
    String(single ?? double ?? plain),
  );
  // A sign that begins no word is passed over, so that there is always an end.
  return raw === ''
    ? { word: text.slice(0, 1), rest: text.slice(1) }
    : { word, rest: text.slice(raw.length) };
}
