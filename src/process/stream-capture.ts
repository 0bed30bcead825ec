import { createHash } from 'node:crypto';
import {
  createLastLineSplitter,
  createLineSplitter,
  type LineSplitter,
  type LinesWanted,
} from './line-splitter.ts';
import type { LogFile } from './log-file.ts';
import type { Mask } from './mask.ts';

/** What became of one stream. */
export interface CapturedStream {
  /** What the child wrote. */
  readonly bytes: number;
  /** What the log holds, its truncation mark included. */
  readonly keptBytes: number;
  readonly truncated: boolean;
  /** Of what was written to the log; null where it was not asked for, or the log does not hold all. */
  readonly sha256: string | null;
}

/** Takes a stream in: mask, log, lines. Past the log's bound it only counts. */
export interface StreamCapture {
  /** The chunk's memory may be reused as soon as this returns. */
  readonly take: (chunk: Buffer) => void;
  readonly end: () => CapturedStream;
}

export interface StreamCaptureOptions {
  readonly log: LogFile;
  readonly mask: Mask;
  /** Receives masked lines as long as they are kept; null when nobody looks. */
  readonly onLine: ((line: string) => void) | null;
  readonly lines: LinesWanted;
  readonly digest: boolean;
}

/** The last line that is handed on when the log takes no more. */
export const OUTPUT_ENDS_HERE = '[orchestrator: further output is neither kept nor shown]';

/** Captures one stream; a log that cannot be written remembers why, and draining goes on. */
export function captureStream(options: StreamCaptureOptions): StreamCapture {
  const { log } = options;
  const stream = options.mask.stream();
  const split = options.lines === 'last' ? createLastLineSplitter : createLineSplitter;
  const lines: LineSplitter | null = options.onLine === null ? null : split(options.onLine);
  let bytes = 0;
  let keeping = true;
  const hash = options.digest ? createHash('sha256') : null;
  const keep = (masked: Buffer) => {
    lines?.push(masked);
    hash?.update(masked);
    keeping = log.write(masked);
    if (keeping) return;
    lines?.end();
    options.onLine?.(OUTPUT_ENDS_HERE);
  };
  return {
    take: (chunk) => {
      bytes += chunk.length;
      if (keeping) keep(stream.push(chunk));
    },
    end: () => {
      if (keeping) keep(stream.end());
      lines?.end();
      log.close();
      const sha256 = keeping ? (hash?.digest('hex') ?? null) : null;
      return { bytes, keptBytes: log.bytes(), truncated: log.truncated(), sha256 };
    },
  };
}
