/** A fenced shell block of a page, and what the page shows that it prints. */
export interface ShellBlock {
  /** The line of the page on which the block begins, from 1. */
  readonly line: number;
  readonly commands: string;
  /** The block in another fence right after it; empty where there is none: then nothing may be printed. */
  readonly shown: string;
}

/**
 * The shell blocks of a page in order. A block of any other kind that does not follow a shell block is an error: it
 * would be an output of nothing.
 */
export function shellBlocks(page: string): readonly ShellBlock[] {
  const fences = [...page.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    kind: match[1] ?? '',
    text: match[2] ?? '',
    start: match.index,
    end: match.index + match[0].length,
  }));
  return fences.flatMap((fence, index): ShellBlock[] => {
    const line = page.slice(0, fence.start).split('\n').length;
    const before = fences[index - 1];
    if (fence.kind !== 'sh') {
      const follows = before?.kind === 'sh' && page.slice(before.end, fence.start).trim() === '';
      if (!follows) throw new Error(`line ${line}: an output that follows no command`);
      return [];
    }
    const next = fences[index + 1];
    const follows =
      next !== undefined && next.kind !== 'sh' && page.slice(fence.end, next.start).trim() === '';
    return [{ line, commands: fence.text, shown: follows ? next.text : '' }];
  });
}

/**
 * Whether a text is what a page shows: `…` stands for anything on a line, a line of `…` alone for any number of lines,
 * also none.
 */
export function isAsShown(printed: string, shown: string): boolean {
  const pattern = shown.replaceAll(/^…\n|…|[^…]+/gm, (part) => {
    if (part === '…\n') return '(?:.*\\n)*?';
    return part === '…' ? '.*' : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${pattern}$`).test(printed);
}
