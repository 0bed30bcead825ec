import * as fc from 'fast-check';
import { type Edit, type FuzzCase, PLAIN_CASE, type Start } from '../fuzz-case.ts';
import { base64, hostileArgument } from '../hostile.ts';
import { command } from './evidence.ts';

const content = (text: string): Edit => ({ type: 'content', base64: Buffer.from(text).toString('base64') });

const TEXTS: readonly string[] = [
  ...['', '{}', '[]', 'null', '1', '"x"', '[['.repeat(50_000), `{"a":${'1'.repeat(300_000)}}`],
];

const THINGS: readonly Edit[] = [
  { type: 'folder' },
  { type: 'pipe' },
  { type: 'link', to: '/dev/zero' },
  { type: 'link', to: 'nowhere' },
  { type: 'link', to: '../../victim' },
  { type: 'link', to: '.' },
];

const anything: fc.Arbitrary<Edit> = fc.oneof(
  fc.constantFrom(...THINGS, ...TEXTS.map(content)),
  fc.record({ type: fc.constant('content' as const), base64 }),
);

/** Something else in the place of a document, and a command that reads it. */
export const documentGarbage: fc.Arbitrary<FuzzCase> = fc
  .record({
    start: fc.constantFrom<Start>('none', 'blocked', 'done'),
    path: fc.constantFrom(
      'out/orchestrator_checkpoint.json',
      'out/checkpoint.json',
      'out/audit.jsonl',
      'out',
    ),
    edit: anything,
    argv: command,
  })
  .map(({ start, path, edit, argv }) => ({
    ...PLAIN_CASE,
    ...{ input: 'garbage documents', start, argv, edits: [{ path, edit }], writes: 'out' },
    codes: codesOf(start, path, argv),
  }));

/** `checkpoint.json` is a second name for those who look for it, nothing that is read: there a run may pass. */
function codesOf(start: Start, path: string, argv: readonly string[]): readonly number[] {
  const prints = argv[0] === 'explain' || argv[0] === 'report' ? [0] : [];
  const passes = start === 'done' && path === 'out/checkpoint.json' ? [0] : [];
  return [...prints, ...passes, 1, 2, 3];
}

/** Words after a command that only prints: names of schemas, of commands, of files. */
export const words: fc.Arbitrary<FuzzCase> = fc
  .record({
    printer: fc.constantFrom(
      ['schema'],
      ['help'],
      ['config', 'validate'],
      ['config', 'print'],
      ['config'],
      ['report'],
    ),
    more: fc.array(hostileArgument, { maxLength: 3 }),
  })
  .map(({ printer, more }) => ({
    ...PLAIN_CASE,
    ...{ input: 'words', argv: [...printer, ...more], codes: [0, 1, 2], writes: 'nothing' },
  }));
