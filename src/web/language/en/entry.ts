import type { entry as french } from '../fr/entry.ts';
import type { Same } from '../same.ts';

/** Words of the welcome and sign-in pages. */
export const entry: Same<typeof french> = {
  signInTitle: 'Sign in', email: 'E-mail address', password: 'Password', signIn: 'Sign in', linkTitle: 'Your sign-in link',
  linkText: 'This link opens your session once, in this browser.', linkOpen: 'Open my session', noPassword: 'No password yet? The server prints a sign-in link at every start until a password is chosen.',
  pitch: 'Your invoices paid, your customers kept.',
  welcomeTitle: 'Welcome to Acquit', welcomeText: 'How would you like to begin?',
  sampleTitle: 'Try it with a sample company', sampleText: 'A simulated firm with its customers, invoices and late payers: try everything, nothing really leaves.', sampleStart: 'Try the sample',
  sampleWorking: 'Preparing the sample company…', sampleUnavailable: 'This installation has no sample company.',
  ownTitle: 'Import my ledger', ownText: 'The French accounting file (FEC), or your list of invoices as CSV or Excel. Nothing is sent before you approve it.', ownName: 'Name of your company', ownStart: 'Import my ledger',
  ownNameNeeded: 'Give the name of your company: it signs your reminders.',
};
