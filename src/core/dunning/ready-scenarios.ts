import { money } from '../kernel/money.ts';
import { keyOfOffset } from './scenario.ts';
import type { ContactRole, ScenarioVersion, Step } from './scenario.ts';

const PAYING: readonly ContactRole[] = ['accountsPayable', 'management', 'buyer'];
const DECIDING: readonly ContactRole[] = ['management', 'legal', 'accountsPayable'];

/** A step by e-mail to whoever pays, with a letter when there is no usable address. */
const mail = (number: number, offsetDays: number, rest: Pick<Step, 'minimumGapDays' | 'template' | 'tone'>): Step => ({
  number,
  key: keyOfOffset(offsetDays),
  kind: 'message',
  anchor: 'dueDate',
  offsetDays,
  channel: 'email',
  // A notice before the due date is a courtesy: not worth a stamp.
  ...(offsetDays > 0 ? { fallbackChannel: 'letter' as const } : {}),
  contactRoles: PAYING,
  approval: 'none',
  formalNotice: false,
  ...rest,
});

/** The formal notice: registered letter to management, always approved by a person. */
const formalNotice = (number: number, offsetDays: number): Step => ({
  number,
  key: keyOfOffset(offsetDays),
  kind: 'message',
  anchor: 'dueDate',
  offsetDays,
  minimumGapDays: 10,
  channel: 'registeredLetter',
  fallbackChannel: 'email',
  template: 'formalNotice',
  tone: 'formal',
  contactRoles: DECIDING,
  approval: 'one',
  formalNotice: true,
});

const common = { version: 1, scope: 'account', entry: 'first', minimumAmount: money(0n, 'EUR'), graceDays: 0 } as const;

/** For most customers: J-3, J+7, J+15, J+30, formal notice at J+45. */
export const STANDARD_SCENARIO: ScenarioVersion = {
  ...common,
  code: 'standard',
  name: 'Standard',
  steps: [
    mail(1, -3, { minimumGapDays: 1, template: 'preDue', tone: 'friendly' }),
    mail(2, 7, { minimumGapDays: 3, template: 'reminder1', tone: 'friendly' }),
    mail(3, 15, { minimumGapDays: 7, template: 'reminder2', tone: 'neutral' }),
    mail(4, 30, { minimumGapDays: 10, template: 'reminder3', tone: 'firm' }),
    formalNotice(5, 45),
  ],
};

/** For good payers and key accounts: later, milder, fewer. */
export const GENTLE_SCENARIO: ScenarioVersion = {
  ...common,
  code: 'gentle',
  name: 'Doux (bons payeurs, comptes stratégiques)',
  steps: [
    mail(1, -7, { minimumGapDays: 1, template: 'preDue', tone: 'friendly' }),
    mail(2, 10, { minimumGapDays: 5, template: 'reminder1', tone: 'friendly' }),
    mail(3, 25, { minimumGapDays: 10, template: 'reminder2', tone: 'friendly' }),
    mail(4, 45, { minimumGapDays: 15, template: 'reminder3', tone: 'neutral' }),
    formalNotice(5, 75),
  ],
};

/** For customers at risk: sooner and closer, with a call before the formal notice. */
export const FIRM_SCENARIO: ScenarioVersion = {
  ...common,
  code: 'firm',
  name: 'Ferme (clients à risque)',
  steps: [
    mail(1, -5, { minimumGapDays: 1, template: 'preDue', tone: 'neutral' }),
    mail(2, 3, { minimumGapDays: 2, template: 'reminder1', tone: 'neutral' }),
    mail(3, 8, { minimumGapDays: 4, template: 'reminder2', tone: 'firm' }),
    { ...mail(4, 15, { minimumGapDays: 5, template: 'reminder3', tone: 'firm' }), kind: 'task', channel: 'call', fallbackChannel: 'email' },
    mail(5, 20, { minimumGapDays: 4, template: 'reminder3', tone: 'firm' }),
    formalNotice(6, 30),
  ],
};

/** The scenarios a new organisation starts with; `standard` is its default. */
export const READY_SCENARIOS: readonly ScenarioVersion[] = [STANDARD_SCENARIO, GENTLE_SCENARIO, FIRM_SCENARIO];
