import type { Same } from '../same.ts';
import type { promises as french } from '../fr/promises.ts';

/** Words of the page of promises and plans. */
export const promises: Same<typeof french> = {
  title: 'Promises and plans', one: 'Promise or plan', show: 'Promises and plans shown', shown: { open: 'In force', proposed: 'To be accepted', late: 'Late', failed: 'Not kept', kept: 'Kept', all: 'All' }, kind: 'Kind', kinds: { both: 'Promises and plans', promise: 'Promises', plan: 'Plans' },
  customer: 'Customer', state: 'State', when: 'Next day', amount: 'Amount', grace_zero: 'no grace', grace_one: '+ {{count}} working day of grace', grace_other: '+ {{count}} working days of grace', graceText_zero: 'No grace.', graceText_one: '{{count}} working day of grace after that day.', graceText_other: '{{count}} working days of grace after that day.', since: 'since {{day}}',
  received: '{{amount}} received', share: '{{name}}: {{share}}% received', none: 'No promise in force', noneText: 'A promise or a plan is entered on a customer’s page; Acquit says by itself whether it is kept.', noMatch: 'Nothing matches.', clear: 'Clear the filters',
  instalments: 'Instalments', paid: 'Paid', lastDay: 'grace until {{day}}', instalmentStates: { paid: 'paid', due: 'to come', late: 'late', missed: 'missed' }, items: 'Documents covered', openThen: 'Open then', openNow: 'Open today',
};
