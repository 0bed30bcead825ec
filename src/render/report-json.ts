import { type RunReport, serialiseJson } from '../formats/report.ts';
import { harmlessJson } from './harmless-json.ts';

/** The report as its schema has it; spelt so that nothing in it acts on a terminal or a CI log. */
export function reportJson(report: RunReport): string {
  return harmlessJson(serialiseJson(report));
}
