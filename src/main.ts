import { VERSION } from './system/version.ts';

// Nothing may end as 0 that has not said so: the code is set again by whoever knows it.
process.exitCode = 1;
const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') return;
    process.exitCode = 1;
    process.stderr.write(`orchestrator: what was to be printed could not be written: ${error.message}\n`);
  });
  process.exitCode = 0;
  process.stdout.write(`${VERSION}\n`);
} else {
  void import('./compose.ts').then(({ compose }) => compose(argv));
}
