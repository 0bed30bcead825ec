/**
 * The command of the npm package: the bundle beside it, on the Node that the user has. An older one than the
 * bundle was made for is told so instead of being given a syntax error to print.
 */
const minimum: string = require('./package.json').engines.node.replace('>=', '');

function isAtLeast(version: string, wanted: string): boolean {
  const [has, wants] = [version.split('.').map(Number), wanted.split('.').map(Number)];
  const different = wants.findIndex((part, index) => part !== has[index]);
  return different === -1 || (has[different] ?? 0) > (wants[different] ?? 0);
}

if (isAtLeast(process.versions.node, minimum)) {
  require('./modules/main.js');
} else {
  process.stderr.write(`orchestrator: expected Node ${minimum} or newer, got ${process.versions.node}\n`);
  process.exitCode = 2;
}

export {};
