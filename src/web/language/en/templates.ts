import type { templates as french } from '../fr/templates.ts';
import type { Same } from '../same.ts';

/** Words of the texts of messages and their editor. */
export const templates: Same<typeof french> = {
  title: 'Text templates', intro: 'What messages say. One template has several wordings, by the tone of the step and by who reads, in each language.',
  name: 'Template', use: 'Use', languages: 'Languages', usedBy: 'Used by', nobody: 'No scenario', changed: 'Customised', own: 'Yours', retired: 'Retired', missing: '{{language}} to be written', complete: '{{language}} ✓',
  uses: { preDue: 'Before the due date', reminder1: 'First reminder', reminder2: 'Second reminder', reminder3: 'Last reminder', formalNotice: 'Formal notice', thankYou: 'Thanks' },
  variants: { standard: 'Standard', gentle: 'Gentle', firm: 'Firm', consumer: 'Consumer', withoutCharges: 'Without charges' },
  variantHint: { standard: 'For everybody who has no wording of their own.', gentle: 'When the step’s tone is friendly.', firm: 'When the step’s tone is firm.', consumer: 'When the customer is a consumer.', withoutCharges: 'When no charges are claimed.' },
  menuOf: 'Actions on the template {{name}}', copy: 'Copy', rename: 'Rename', retire: 'Retire', restore: 'Take back into use', retiredDone: '“{{name}}” is retired.', restoredDone: '“{{name}}” is in use again.', renamedDone: 'Template renamed.', showRetired: 'Show retired templates',
  new: 'New template', newTitle: 'New template', renameTitle: 'Rename the template', newName: 'Name of the template', newNameHint: 'For example: Building site reminder, Export reminder.', newFrom: 'Start from', create: 'Create the template', nameNeeded: 'Give the template a name.', copyWord: '(copy)', save: 'Save',
  back: 'All templates', unknown: 'This template does not exist', unknownText: 'The address may be incomplete: go back to the list.', ownerOnly: 'Only the owner can change texts; you can read and try them.', usedIn: 'Used by: {{names}}.',
  language: 'Language', variant: 'Wording', subject: 'Subject', body: 'Text', insert: 'Insert a field', findField: 'Find a field', noField: 'No field of that name.', blocks: 'Tables (alone on their line)', words: 'Fields',
  unwritten: 'This wording is not written', unwrittenText: 'Until it is, its readers get the standard wording.', unwrittenNotice: 'Until it is, no formal notice leaves to these readers: the action will say so.', unwrittenLanguage: 'Customers of this language get nothing of this template: the action will say so.', startFrom: 'Start from the standard wording', startBlank: 'Write it',
  version: 'Version {{version}}, of {{day}}', versionBy: 'Version {{version}}, of {{day}}, by {{by}}', origin: 'Ready text', unsaved: 'Not saved', saved: 'Text saved: the next messages will say it.', nothing: 'Nothing to save', discard: 'Discard', toOriginal: 'Back to the ready text', remove: 'Remove this wording', removed: 'Wording removed.',
  versions: 'Versions', versionsTitle: 'Versions of this text', take: 'Take this text', withdrawn: 'removed', problems: 'To be corrected before saving', doubts: 'To be checked', leave: 'Some texts are not saved. Leave all the same?',
  preview: 'Preview', previewOn: 'Preview on', madeUp: 'A made-up customer', madeUpNote: 'The customer and its documents are made up; your company is yours.', realNote: 'With the documents of {{name}} as of today. Nothing leaves.', empty: 'Write a subject and a text to see the message.',
  wrong: 'The message will show here once the text is corrected.', emptyTitle: 'No template', emptyText: 'Create a first template.',
};
