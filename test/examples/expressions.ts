import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** What an expression of a workflow can name: `github`, `needs`, `steps` and the others. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What the functions of a workflow answer that are not part of the language of expressions. */
export interface Surroundings {
  /** Whether everything before has succeeded. */
  readonly success: boolean;
  /** Whether a file of the workspace fits the pattern. */
  readonly hasFile: (pattern: string) => boolean;
}

const STATUS = /\b(success|failure|always|cancelled)\(\)/;

/** Replaces each `${{ … }}` of a text by its value. */
export function fillIn(text: string, contexts: Contexts, around: Surroundings): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, contexts, around).coerceString(),
  );
}

/** Whether an `if:` holds. One that asks for no status holds only where everything before has succeeded. */
export function holds(condition: string | undefined, contexts: Contexts, around: Surroundings): boolean {
  const bare = (condition ?? 'success()').replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const asked = STATUS.test(bare) ? bare : `success() && (${bare})`;
  return evaluate(`!!(${asked})`, contexts, around).coerceString() === 'true';
}

function evaluate(expression: string, contexts: Contexts, around: Surroundings): data.ExpressionData {
  const answer = (name: string, value: boolean) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  });
  const functions = [
    ...[answer('always', true), answer('cancelled', false)],
    ...[answer('success', around.success), answer('failure', !around.success)],
    {
      ...{ name: 'hashFiles', minArgs: 1, maxArgs: 255 },
      call: (pattern: data.ExpressionData) =>
        new data.StringData(around.hasFile(pattern.coerceString()) ? 'a digest' : ''),
    },
  ];
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver);
  const byName = new Map(functions.map((one) => [one.name.toLowerCase(), one]));
  return new Evaluator(parsed, known, byName).evaluate();
}
