import { addDays, dayNumber, dayOf, weekday } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Bilingual } from '../kernel/text.ts';

/** Where a customer is: ISO 3166-1 alpha-2 country and postal code (null when unknown). */
export type Place = { readonly country: string; readonly postalCode: string | null };

/** A public holiday. */
export type Holiday = { readonly on: Day; readonly name: Bilingual };

/** How a year's holiday is found: a fixed month and day, or days after Easter Sunday (negative before). */
type HolidayRule =
  | { readonly month: number; readonly day: number; readonly name: Bilingual }
  | { readonly easter: number; readonly name: Bilingual };

/** A country's holidays, and those only kept where the postal code starts with one of the prefixes. */
type CountryCalendar = {
  readonly national: readonly HolidayRule[];
  readonly regions: readonly { readonly postalPrefixes: readonly string[]; readonly rules: readonly HolidayRule[] }[];
};

const fixed = (month: number, day: number, name: Bilingual): HolidayRule => ({ month, day, name });
const afterEaster = (easter: number, name: Bilingual): HolidayRule => ({ easter, name });
const abolition: Bilingual = { fr: 'Abolition de l’esclavage', en: 'Abolition of slavery' };

/** Labour code L3133-1 (national), L3134-13 (Alsace-Moselle), L3422-2 (overseas). */
const FRANCE: CountryCalendar = {
  national: [
    fixed(1, 1, { fr: 'Jour de l’an', en: 'New Year’s Day' }),
    afterEaster(1, { fr: 'Lundi de Pâques', en: 'Easter Monday' }),
    fixed(5, 1, { fr: 'Fête du travail', en: 'Labour Day' }),
    fixed(5, 8, { fr: 'Victoire de 1945', en: 'Victory in Europe Day' }),
    afterEaster(39, { fr: 'Ascension', en: 'Ascension Day' }),
    afterEaster(50, { fr: 'Lundi de Pentecôte', en: 'Whit Monday' }),
    fixed(7, 14, { fr: 'Fête nationale', en: 'National Day' }),
    fixed(8, 15, { fr: 'Assomption', en: 'Assumption Day' }),
    fixed(11, 1, { fr: 'Toussaint', en: 'All Saints’ Day' }),
    fixed(11, 11, { fr: 'Armistice de 1918', en: 'Armistice Day' }),
    fixed(12, 25, { fr: 'Noël', en: 'Christmas Day' }),
  ],
  regions: [
    {
      // Good Friday is only kept in municipalities with a Protestant church; treating it as kept everywhere errs on the quiet side.
      postalPrefixes: ['57', '67', '68'],
      rules: [
        afterEaster(-2, { fr: 'Vendredi saint', en: 'Good Friday' }),
        fixed(12, 26, { fr: 'Saint-Étienne', en: 'Boxing Day' }),
      ],
    },
    { postalPrefixes: ['971'], rules: [fixed(5, 27, abolition)] },
    { postalPrefixes: ['972'], rules: [fixed(5, 22, abolition)] },
    { postalPrefixes: ['973'], rules: [fixed(6, 10, abolition)] },
    { postalPrefixes: ['974'], rules: [fixed(12, 20, abolition)] },
    { postalPrefixes: ['976'], rules: [fixed(4, 27, abolition)] },
  ],
};

/** One entry a country; add a country by adding its rules. */
const CALENDARS: ReadonlyMap<string, CountryCalendar> = new Map([['FR', FRANCE]]);

/** Easter Sunday of a Gregorian year, by the anonymous (Meeus) rule. */
export function easterSunday(year: number): Day {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const moon = (19 * golden + century - Math.floor(century / 4) - Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3) + 15) % 30;
  const sunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - moon - (ofCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * moon + 22 * sunday) / 451);
  const count = moon + sunday - 7 * shift + 114;
  const easter = dayOf(year, Math.floor(count / 31), (count % 31) + 1);
  if (easter === null) throw new Error(`no Easter in year ${year}`);
  return easter;
}

/** Public holidays of a place in a year, in order of date; empty for a country whose calendar is not known. */
export function publicHolidays(place: Place, year: number): Holiday[] {
  const calendar = CALENDARS.get(place.country);
  if (calendar === undefined) return [];
  const postalCode = place.postalCode?.trim() ?? '';
  const regional = calendar.regions.filter(({ postalPrefixes }) => postalPrefixes.some((prefix) => postalCode.startsWith(prefix)));
  const easter = easterSunday(year);
  return [...calendar.national, ...regional.flatMap(({ rules }) => rules)]
    .map((rule): Holiday => ({ on: 'easter' in rule ? addDays(easter, rule.easter) : fixedDay(year, rule), name: rule.name }))
    .toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

function fixedDay(year: number, rule: { readonly month: number; readonly day: number }): Day {
  const found = dayOf(year, rule.month, rule.day);
  if (found === null) throw new Error(`no such holiday in ${year}: ${rule.month}-${rule.day}`);
  return found;
}

/** True when the country's public holidays are known; elsewhere only weekends are closed. */
export const knowsHolidays = (country: string): boolean => CALENDARS.has(country);

/** The limitation to show for a place, or null when its calendar is complete. */
export function calendarLimitation(place: Place): Bilingual | null {
  if (!knowsHolidays(place.country)) {
    return {
      fr: `Les jours fériés du pays « ${place.country} » ne sont pas connus : seuls les samedis et dimanches sont chômés. Ajoutez-les aux jours fermés de la société.`,
      en: `Public holidays of country "${place.country}" are not known: only Saturdays and Sundays are closed. Add them to the organisation's closed days.`,
    };
  }
  if (place.country === 'FR' && place.postalCode === null) {
    return {
      fr: 'Le code postal du client manque : les jours fériés propres à l’Alsace-Moselle et à l’outre-mer ne sont pas pris en compte. Complétez son adresse.',
      en: 'The customer has no postal code: holidays kept only in Alsace-Moselle or overseas are not applied. Complete its address.',
    };
  }
  return null;
}

const LAST_WORKING_WEEKDAY = 5;

/** True from Monday to Friday when the place keeps no public holiday that day. */
export function isWorkingDay(day: Day, place: Place): boolean {
  return weekday(day) <= LAST_WORKING_WEEKDAY && !isHoliday(day, place);
}

/** The day itself when it is a working day of the place, else the next one. */
export function nextWorkingDay(day: Day, place: Place): Day {
  let candidate = day;
  while (!isWorkingDay(candidate, place)) candidate = addDays(candidate, 1);
  return candidate;
}

/** Working days after `from` up to `to`, included; 0 when `to` is not later. */
export function workingDaysBetween(from: Day, to: Day, place: Place): number {
  let count = 0;
  const last = dayNumber(to);
  for (let day = from, at = dayNumber(from); at < last; at += 1) {
    day = addDays(day, 1);
    if (isWorkingDay(day, place)) count += 1;
  }
  return count;
}

const easters = new Map<number, number>();

/** The number of a year's Easter Sunday; there are no more years than a calendar has. */
function easterNumber(year: number): number {
  const known = easters.get(year);
  if (known !== undefined) return known;
  const count = dayNumber(easterSunday(year));
  easters.set(year, count);
  return count;
}

/** The test without lists: a day is compared with each rule, so that a run over many accounts allocates nothing. */
function isHoliday(day: Day, place: Place): boolean {
  const calendar = CALENDARS.get(place.country);
  if (calendar === undefined) return false;
  const sinceEaster = dayNumber(day) - easterNumber(Number(day.slice(0, 4)));
  const month = Number(day.slice(5, 7));
  const dayOfMonth = Number(day.slice(8, 10));
  const matches = (rule: HolidayRule): boolean =>
    'easter' in rule ? rule.easter === sinceEaster : rule.month === month && rule.day === dayOfMonth;
  if (calendar.national.some(matches)) return true;
  const postalCode = place.postalCode?.trim() ?? '';
  return calendar.regions.some((region) => region.postalPrefixes.some((prefix) => postalCode.startsWith(prefix)) && region.rules.some(matches));
}
