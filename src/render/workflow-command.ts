import { oneLine } from './harmless.ts';

/** One annotation, as GitHub Actions takes it from a line of a log. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

const MAX_TITLE = 200;
const MAX_MESSAGE = 2000;

/** `::error title=…::…`, escaped as GitHub's toolkit does; no text in it can begin another command. */
export function workflowCommand(one: Annotation): string {
  const title = property(oneLine(one.title, MAX_TITLE));
  return `::${one.level} title=${title}::${data(oneLine(one.message, MAX_MESSAGE))}\n`;
}

/** The toolkit's `escapeData`. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The toolkit's `escapeProperty`. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
