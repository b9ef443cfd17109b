import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { Database } from '#server/plumbing/database.ts';
import { matchLines } from './match-lines.ts';
import { readSettings } from './settings.ts';
import { countLines } from './summary.ts';

/** Whose money is placed, on which day, in whose name. */
export type AutomaticOptions = { readonly organisation: OrganisationId; readonly clock: Clock; readonly today: Day; readonly actor: string };

/** What went by itself: placed by evidence, known to the ledger already, and bank lines that wait for a person. */
export type AutomaticCount = { readonly applied: number; readonly linked: number; readonly left: number };

/** Places what is certain, all of it or nothing. */
export async function placeCertain(database: Database, options: AutomaticOptions): Promise<AutomaticCount> {
  const matched = await matchLines(database, { ...options, auto: true });
  return {
    applied: matched.filter(({ match, offers }) => match !== null && offers.automatic !== null).length, linked: matched.filter(({ linked }) => linked !== null).length,
    left: await database.inTenant(options.organisation, countLines, { readOnly: true }),
  };
}

/** What became of the placing after an import; `off` when the settings say that nothing goes by itself. */
export type AfterImport = { readonly status: 'done'; readonly count: AutomaticCount } | { readonly status: 'off' } | { readonly status: 'failed'; readonly error: unknown; readonly said: Bilingual };

/**
 * Places what is certain once an import is in, in a transaction of its own. Never throws: the import stands whatever happens here, and the
 * caller tells what did.
 */
export async function matchAfterImport(database: Database, options: AutomaticOptions): Promise<AfterImport> {
  try {
    const { afterImport } = await database.inTenant(options.organisation, readSettings, { readOnly: true });
    return afterImport ? { status: 'done', count: await placeCertain(database, options) } : { status: 'off' };
  } catch (error) {
    return { status: 'failed', error, said: {
      fr: 'L’import est fait, mais le lettrage automatique qui le suit a échoué : rien n’a été lettré. Relancez-le depuis la page Lettrage (ou « acquit match --auto »).',
      en: 'The import is done, but the automatic matching that follows it failed: nothing was matched. Start it again on the Matching page (or "acquit match --auto").',
    } };
  }
}
