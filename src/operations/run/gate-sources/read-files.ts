import { blocking, type GateReading, noted } from '../../../core/gates/gate-document.ts';
import type { GateSource } from '../../../core/gates/gate-plan.ts';
import { fail, ok } from '../../../core/result.ts';
import { unreachable } from '../../../core/unreachable.ts';
import { parseGateDocument } from '../../../formats/gate-document.schema.ts';
import { displayPath } from '../../../formats/stored-path.ts';
import type { SignedFile } from '../../../gates/file/open-signed.ts';
import { readFileGate } from '../../../gates/file/read-file-gate.ts';
import { judgeGateDocument } from '../../../gates/judge-gate-document.ts';
import { readRegularFile } from '../../../store/read-regular-file.ts';
import { verifyingKeysOf } from '../../signing-keys.ts';
import { type Asking, refused } from './asking.ts';
import { changedTrust } from './trusted-files.ts';

type FileSource = GateSource & { readonly kind: 'file' };

/** Larger files hold no approval, in bytes. */
const MAX_SIGNED_BYTES = 1024 * 1024;

/** All signed files of one gate: they are judged together, because different people have to have signed. */
export async function readFiles(
  asking: Asking,
  sources: readonly FileSource[],
): Promise<readonly GateReading[]> {
  const { context, document, plan, question } = asking;
  const [first] = sources;
  if (first === undefined) return [];
  const changed = changedTrust(context, document.trusted_files, question.gate, first);
  const keys = await verifyingKeysOf(plan.signers.keys, '--approver-key');
  if (changed.length > 0 || !keys.ok) {
    const why = keys.ok ? changed : [blocking('no_trusted_keys', null, keys.failure.message)];
    return sources.map((source) => refused(question, source, why));
  }
  const files = sources.map(fileOf);
  const reading = readFileGate(question, files, {
    publicKeys: keys.value,
    required: plan.signers.required,
    judgeDocument: (bytes, source) => {
      const theirs = parseGateDocument(bytes);
      if (!theirs.ok) return fail(theirs.failure);
      return ok(
        judgeGateDocument(question, theirs.value, { source, notBeforeSecs: null, nowSecs: question.nowSecs }),
      );
    },
  });
  return sources.map((source) => partOf(reading, source, first));
}

/** The first source carries the findings of all; the others say where those are. */
function partOf(reading: GateReading, source: FileSource, first: FileSource): GateReading {
  const document = { ...reading.document, source: source.text };
  if (source === first) return { ...reading, document };
  const about = displayPath(first.text);
  const together = 'it was judged together with this one';
  const detail = document.passed
    ? noted('judged_together', about, together)
    : blocking('judged_together', about, together);
  return { ...reading, document: { ...document, details: [detail] } };
}

/** One that is not there yet can still be written; anything else that is no file to be read is a problem. */
function fileOf(source: FileSource): SignedFile {
  const found = readRegularFile(source.path, MAX_SIGNED_BYTES);
  switch (found.kind) {
    case 'bytes':
      return { source: source.text, bytes: found.bytes, problem: null };
    case 'missing':
      return { source: source.text, bytes: null, problem: null };
    case 'empty':
      return { source: source.text, bytes: new Uint8Array(), problem: null };
    case 'unreadable':
      return { source: source.text, bytes: null, problem: found.problem };
    default:
      return unreachable(found);
  }
}
