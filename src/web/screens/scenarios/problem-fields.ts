import type { ProblemView } from '#core/api/faults.ts';

/** Fields of a step's form that problems speak of. */
export type StepField = 'offsetDays' | 'anchor' | 'minimumGapDays' | 'channel' | 'fallbackChannel' | 'template' | 'contactRoles' | 'copyRoles' | 'conditions' | 'formalNotice' | 'whole';
/** Fields of the scenario's own form. */
export type HeadField = 'name' | 'graceDays' | 'minimumAmount' | 'steps' | 'entry' | 'thankYou' | 'whole';

const STEP_FIELDS: Readonly<Record<string, StepField>> = {
  offset: 'offsetDays', order: 'offsetDays', gap: 'minimumGapDays', noRole: 'contactRoles', fallback: 'fallbackChannel', template: 'template', templateUnknown: 'template', templateUse: 'template', kind: 'channel',
  previousStep: 'anchor', copies: 'copyRoles', condition: 'conditions', formalNoticeEarly: 'offsetDays', formalNoticeChannel: 'channel', formalNoticeProof: 'formalNotice',
};
const HEAD_FIELDS: Readonly<Record<string, HeadField>> = {
  name: 'name', grace: 'graceDays', minimum: 'minimumAmount', minimumTwice: 'minimumAmount', stepCount: 'steps', nothingAfterDue: 'steps', entry: 'entry', thankYou: 'thankYou', templateUnknown: 'thankYou', templateUse: 'thankYou',
};

const nameOf = ({ code }: ProblemView): string => code.replace(/^dunning\./, '');

/** What is wrong with one step by the field it speaks of; what no field is for stands under `whole`. */
export const stepProblems = (problems: readonly ProblemView[], place: number): ReadonlyMap<StepField, readonly ProblemView[]> =>
  Map.groupBy(problems.filter(({ line }) => line === place), (problem) => STEP_FIELDS[nameOf(problem)] ?? 'whole');

/** What is wrong with the scenario's own settings by the field it speaks of. */
export const headProblems = (problems: readonly ProblemView[]): ReadonlyMap<HeadField, readonly ProblemView[]> =>
  Map.groupBy(problems.filter(({ line }) => line === 0), (problem) => HEAD_FIELDS[nameOf(problem)] ?? 'whole');

/** How many stand against publishing. */
export const errorsIn = (problems: readonly ProblemView[]): number => problems.filter(({ severity }) => severity === 'error').length;
