import t from 'tap';
import { didYouMean, nearest } from '../../src/formats/nearest.ts';
import { printable, quote } from '../../src/formats/printable.ts';

t.test('what moves a terminal or hides text is shown by number', (t) => {
  t.equal(printable('a\u001b[31m\r\n\t\u0000\u007f\u009b'), 'a\\x1b[31m\\x0d\\x0a\\x09\\x00\\x7f\\x9b');
  t.equal(
    printable('\u202egnp.exe\u200b\u2028\ufeff\ud800'),
    '\\u{202e}gnp.exe\\u{200b}\\u{2028}\\u{feff}\\u{d800}',
  );
  t.equal(printable('##[error]x ##vso[task] ## plain'), '#\\x23[error]x #\\x23vso[task] ## plain');
  t.equal(printable('grüße 🙂'), 'grüße 🙂');
  t.end();
});

t.test('a quoted text is cut between characters', (t) => {
  t.equal(quote('a"b'), '"a"b"');
  t.equal(quote('x'.repeat(61)), `"${'x'.repeat(60)}..."`);
  t.equal(quote('🙂'.repeat(100)), `"${'🙂'.repeat(60)}..."`);
  t.end();
});

t.test('the nearest word is the one that was probably meant, or none', (t) => {
  const words = ['timeout-ms', 'run-timeout-ms', 'resume', 'json'];
  t.equal(nearest('timeuot-ms', words), 'timeout-ms');
  t.equal(nearest('timeoutMs', words), 'timeout-ms');
  t.equal(nearest('TIMEOUT_MS', words), 'timeout-ms');
  t.equal(nearest('resum', words), 'resume');
  t.equal(nearest('jsno', words), 'json');
  t.equal(nearest('frobnicate', words), null);
  t.equal(nearest('x'.repeat(100_000), words), null);
  t.equal(didYouMean('resum', words, '--'), ' (did you mean --resume?)');
  t.equal(didYouMean('frobnicate', words), '');
  t.end();
});
