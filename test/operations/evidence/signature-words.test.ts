import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { signatureWords } from '../../../src/operations/evidence/signature-words.ts';

const ENVELOPE = {
  payloadType: 'application/vnd.in-toto+json',
  payload: 'e30=',
  signatures: [{ keyid: '0123456789abcdef0123', sig: 'AAAA' }],
};

t.test('a signature is told by its key, and that nobody has checked it', async (t) => {
  const file = join(t.testdir(), 'statements');
  t.equal(await signatureWords(file), null, 'none is there');
  writeFileSync(file, `{}\n${JSON.stringify(ENVELOPE)}\n`);
  t.match(await signatureWords(file), /^signed, it says by key 0123456789abcdef; not checked here/);
});

t.test('what is no signature is not told to be one', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'statements');
  writeFileSync(file, 'signed by me\n');
  t.equal(await signatureWords(file), 'its file of signatures is not one');
  mkdirSync(join(folder, 'folder'));
  t.equal(await signatureWords(join(folder, 'folder')), 'its file of signatures cannot be read');
});
