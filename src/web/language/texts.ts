import { actions as actionsEn } from './en/actions.ts';
import { customers as customersEn } from './en/customers.ts';
import { drops as dropsEn } from './en/drops.ts';
import { entry as entryEn } from './en/entry.ts';
import { frame as frameEn } from './en/frame.ts';
import { imports as importsEn } from './en/imports.ts';
import { matching as matchingEn } from './en/matching.ts';
import { overview as overviewEn } from './en/overview.ts';
import { replay as replayEn } from './en/replay.ts';
import { reviews as reviewsEn } from './en/reviews.ts';
import { settings as settingsEn } from './en/settings.ts';
import { actions } from './fr/actions.ts';
import { customers } from './fr/customers.ts';
import { drops } from './fr/drops.ts';
import { entry } from './fr/entry.ts';
import { frame } from './fr/frame.ts';
import { imports } from './fr/imports.ts';
import { matching } from './fr/matching.ts';
import { overview } from './fr/overview.ts';
import { replay } from './fr/replay.ts';
import { reviews } from './fr/reviews.ts';
import { settings } from './fr/settings.ts';

/** A tree of texts. */
type Texts = { readonly [key: string]: string | readonly string[] | Texts };

/** French puts a space before : ; ? ! » and after «, and no line may break there. */
const joined = (text: string): string => text.replaceAll(/ (?=[:;?!»])/g, '\u00a0').replaceAll('« ', '«\u00a0');

/** The texts with those spaces kept together; what is written above stays easy to type. */
export function typeset(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) =>
    [key, typeof value === 'string' ? joined(value) : isList(value) ? value.map(joined) : typeset(value)]));
}

const isList = (value: readonly string[] | Texts): value is readonly string[] => Array.isArray(value);

/** The interface in French, the language it is thought in. */
export const french = { frame, entry, overview, customers, matching, actions, imports, drops, replay, reviews, settings };

/** The interface in English: the same keys, or it does not compile. */
export const english = { frame: frameEn, entry: entryEn, overview: overviewEn, customers: customersEn, matching: matchingEn, actions: actionsEn, imports: importsEn, drops: dropsEn, replay: replayEn, reviews: reviewsEn, settings: settingsEn };
