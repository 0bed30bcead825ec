/** A line of an explanation is cut here: a whole document in it would hide the others. */
const LONGEST_LINE = 500;

/**
 * Turns tap's raw output into a log that can be read while it grows: one line for each test file that passed,
 * and for one that failed every failed assertion with what tap says about it. Returns what takes the lines.
 */
export function createTapLog(print: (line: string) => void): (line: string) => void {
  let block: string[] = [];
  return (line) => {
    const end = line.match(/^(ok|not ok) \d+ - (.*?)(?: # (.*))?$/);
    if (end === null) {
      block.push(line);
      return;
    }
    const [, verdict, file = '', note = ''] = end;
    print(`  ${verdict === 'ok' ? 'ok    ' : 'FAILED'} ${file} ${note}`.trimEnd());
    if (verdict !== 'ok')
      for (const failed of failedPoints(block)) print(`    ${failed.slice(0, LONGEST_LINE)}`);
    block = [];
  };
}

/** The lines of a file's output without what passed: `not ok` points and the explanation below each. */
function failedPoints(block: readonly string[]): readonly string[] {
  const shown: string[] = [];
  let explains = false;
  for (const line of block) {
    if (/^\s+not ok /.test(line)) shown.push(line);
    if (/^\s+---$/.test(line)) explains = true;
    else if (/^\s+\.\.\.$/.test(line)) explains = false;
    else if (explains && /^\s{4}/.test(line)) shown.push(line);
  }
  return shown;
}
