import { VERSION } from './system/version.ts';

// Nothing may end as 0 that has not said so: the code is set again by whoever knows it.
process.exitCode = 1;
const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${VERSION}\n`);
  process.exitCode = 0;
} else {
  void import('./compose.ts').then(({ compose }) => compose(argv));
}
