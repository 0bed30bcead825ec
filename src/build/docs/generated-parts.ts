import {
  exitCodeTable,
  failureIndex,
  gateCodeIndex,
  reasonCodeIndex,
  stageStatusIndex,
} from './code-indexes.ts';
import { decisionList } from './decision-list.ts';
import { commandTable, otherFlagTables, runFlagTables } from './flag-tables.ts';
import type { GeneratedPart } from './generated-part.ts';
import { schemaTable } from './schema-table.ts';

/** All parts of pages below `docs/` that `make docs` writes; a test holds the pages to them. */
export function generatedParts(): readonly GeneratedPart[] {
  return [
    { page: 'command-line.md', name: 'commands', text: commandTable() },
    { page: 'command-line.md', name: 'flags of a run', text: runFlagTables() },
    { page: 'command-line.md', name: 'flags of other commands', text: otherFlagTables() },
    { page: 'exit-codes.md', name: 'exit codes', text: exitCodeTable() },
    { page: 'failures.md', name: 'index', text: failureIndex() },
    { page: 'reason-codes.md', name: 'index', text: reasonCodeIndex() },
    { page: 'stage-statuses.md', name: 'index', text: stageStatusIndex() },
    { page: 'gate-codes.md', name: 'index', text: gateCodeIndex() },
    { page: 'schemas.md', name: 'schemas', text: schemaTable() },
    { page: 'decisions/README.md', name: 'decisions', text: decisionList() },
  ];
}
