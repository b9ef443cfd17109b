import { actions as actionsEn } from './en/actions.ts';
import { customers as customersEn } from './en/customers.ts';
import { disputes as disputesEn } from './en/disputes.ts';
import { drops as dropsEn } from './en/drops.ts';
import { entry as entryEn } from './en/entry.ts';
import { frame as frameEn } from './en/frame.ts';
import { holds as holdsEn } from './en/holds.ts';
import { imports as importsEn } from './en/imports.ts';
import { journal as journalEn } from './en/journal.ts';
import { matching as matchingEn } from './en/matching.ts';
import { overview as overviewEn } from './en/overview.ts';
import { promises as promisesEn } from './en/promises.ts';
import { replay as replayEn } from './en/replay.ts';
import { reviews as reviewsEn } from './en/reviews.ts';
import { scenarios as scenariosEn } from './en/scenarios.ts';
import { sending as sendingEn } from './en/sending.ts';
import { settings as settingsEn } from './en/settings.ts';
import { templates as templatesEn } from './en/templates.ts';
import { webhooks as webhooksEn } from './en/webhooks.ts';
import { actions } from './fr/actions.ts';
import { customers } from './fr/customers.ts';
import { disputes } from './fr/disputes.ts';
import { drops } from './fr/drops.ts';
import { entry } from './fr/entry.ts';
import { frame } from './fr/frame.ts';
import { holds } from './fr/holds.ts';
import { imports } from './fr/imports.ts';
import { journal } from './fr/journal.ts';
import { matching } from './fr/matching.ts';
import { overview } from './fr/overview.ts';
import { promises } from './fr/promises.ts';
import { replay } from './fr/replay.ts';
import { reviews } from './fr/reviews.ts';
import { scenarios } from './fr/scenarios.ts';
import { sending } from './fr/sending.ts';
import { settings } from './fr/settings.ts';
import { templates } from './fr/templates.ts';
import { webhooks } from './fr/webhooks.ts';

/** A tree of texts. */
type Texts = { readonly [key: string]: string | readonly string[] | Texts };

/** French puts a space before : ; ? ! » and after «, and no line may break there. */
export const joined = (text: string): string => text.replaceAll(/ (?=[:;?!»])/g, '\u00a0').replaceAll('« ', '«\u00a0');

/** The texts with those spaces kept together; what is written above stays easy to type. */
export function typeset(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) =>
    [key, typeof value === 'string' ? joined(value) : isList(value) ? value.map(joined) : typeset(value)]));
}

const isList = (value: readonly string[] | Texts): value is readonly string[] => Array.isArray(value);

/** The interface in French, the language it is thought in. */
export const french = { frame, entry, overview, customers, matching, actions, imports, drops, reviews, scenarios, settings, templates, webhooks, holds, disputes, promises, sending, replay, journal };

/** The interface in English: the same keys, or it does not compile. */
export const english = { frame: frameEn, entry: entryEn, overview: overviewEn, customers: customersEn, matching: matchingEn, actions: actionsEn, imports: importsEn, drops: dropsEn, reviews: reviewsEn, scenarios: scenariosEn, settings: settingsEn, templates: templatesEn, webhooks: webhooksEn, holds: holdsEn, disputes: disputesEn, promises: promisesEn, sending: sendingEn, replay: replayEn, journal: journalEn };
