import { findFunctions } from './functions.ts';
import { finding } from './source.ts';
import type { Finding, SourceFile } from './source.ts';

/** A function fits a screen. */
export const FUNCTION_LINES_MAX = 60;

/** A component holds its markup as well. */
const JSX_FUNCTION_LINES_MAX = 150;

/** A file fits a sitting. */
export const FILE_LINES_MAX = 400;

/** Beyond three, the order of arguments is a riddle: take an object. */
const PARAMETERS_MAX = 3;

/** Rule 10: sizes of functions, files and parameter lists. */
export function checkSizes(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  if (file.lines > FILE_LINES_MAX) findings.push(finding(file, FILE_LINES_MAX + 1, { rule: 'file-size', message: `${file.lines} lines, at most ${FILE_LINES_MAX}: split by idea` }));
  const linesMax = file.jsx ? JSX_FUNCTION_LINES_MAX : FUNCTION_LINES_MAX;
  for (const { name, line, lines, parameters } of findFunctions(file)) {
    const called = name === '' ? 'a function' : name;
    if (lines > linesMax) findings.push(finding(file, line, { rule: 'function-size', message: `${called} has ${lines} lines, at most ${linesMax}` }));
    if (parameters > PARAMETERS_MAX) findings.push(finding(file, line, { rule: 'parameters', message: `${called} takes ${parameters} positional parameters, at most ${PARAMETERS_MAX}: take an object` }));
  }
  return findings;
}
