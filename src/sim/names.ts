import type { Random } from '#core/kernel/random.ts';

/** A town with the postal code of its centre; towns exist, the firms placed there do not. */
export type Town = { readonly postalCode: string; readonly city: string; readonly country: string };

const TRADES = [
  'Menuiserie', 'Charpentes', 'Garage', 'Boulangerie', 'Imprimerie', 'Électricité', 'Plomberie', 'Transports', 'Pépinières', 'Cave', 'Maçonnerie',
  'Serrurerie', 'Carrelages', 'Métallerie', 'Ateliers', 'Établissements', 'Laboratoire', 'Cabinet', 'Domaine', 'Comptoir', 'Scierie', 'Librairie',
] as const;
/** Surnames made up of sounds, not taken from a register. */
const SURNAMES = [
  'Corvandel', 'Brasquinet', 'Tournevoie', 'Malvoisart', 'Estampuis', 'Fauquebert', 'Garlempied', 'Houspignol', 'Juvencelle', 'Lambressac', 'Mirvaudin',
  'Noirmesnot', 'Ormevaleix', 'Pastourgnol', 'Quercybel', 'Rambolleau', 'Sauvegrenier', 'Trévaudan', 'Ulmerange', 'Vaucressieux', 'Yvrandeau', 'Zélimont',
  'Aubrequin', 'Bellefontard', 'Cachemirail', 'Dorlançois', 'Épinaveau', 'Fourmirel', 'Grandvalot', 'Hautecombert', 'Isnardière', 'Laverdugier',
] as const;
const GIVEN_NAMES = [
  'Camille', 'Jeanne', 'Louise', 'Inès', 'Hélène', 'Nadia', 'Sophie', 'Béatrice', 'Aïcha', 'Maëlle', 'Paul', 'Hugo', 'Karim', 'Étienne', 'Thomas', 'Mathieu',
  'Olivier', 'Gaël', 'Vincent', 'Yannick',
] as const;
const STREETS = [
  'rue des Tilleuls', 'rue du Moulin', 'avenue de la Gare', 'rue des Écoles', 'chemin des Vignes', 'place du Marché', 'rue de la Forge', 'impasse des Lilas',
  'boulevard du Canal', 'rue Basse', 'zone artisanale des Prés', 'allée des Charmes', 'quai des Mariniers', 'route de la Scierie',
] as const;
const TOWNS = [
  ['44000', 'Nantes'], ['35000', 'Rennes'], ['29200', 'Brest'], ['49000', 'Angers'], ['37000', 'Tours'], ['86000', 'Poitiers'], ['33000', 'Bordeaux'], ['31000', 'Toulouse'],
  ['34000', 'Montpellier'], ['13002', 'Marseille'], ['06000', 'Nice'], ['38000', 'Grenoble'], ['69003', 'Lyon'], ['21000', 'Dijon'], ['25000', 'Besançon'],
  ['67000', 'Strasbourg'], ['57000', 'Metz'], ['54000', 'Nancy'], ['51100', 'Reims'], ['59800', 'Lille'], ['80000', 'Amiens'], ['76000', 'Rouen'], ['14000', 'Caen'],
  ['45000', 'Orléans'], ['63000', 'Clermont-Ferrand'], ['87000', 'Limoges'], ['64000', 'Pau'], ['66000', 'Perpignan'], ['20000', 'Ajaccio'], ['75011', 'Paris'],
] as const;
const FORMS = ['SARL', 'SAS', 'EURL', 'SA', 'SASU', 'SCOP'] as const;
const PUBLIC_BODIES = ['Commune de', 'Syndicat des eaux de', 'Lycée de', 'Centre hospitalier de', 'Communauté de communes de', 'Office du tourisme de'] as const;
/** Places that are on no map, for public bodies. */
const INVENTED_PLACES = ['Valmirande', 'Saint-Aubrin', 'Montrevelle', 'Larzacombe', 'Fontbelle-sur-Orne', 'Pierrefaucon', 'Brévannois', 'Guermaudois'] as const;
const FOREIGN_FIRMS = {
  GB: ['Brackenford Tools Ltd', 'Thistlewick Supplies Ltd', 'Pendlebarrow & Daughters Ltd'],
  US: ['Halloway Ridge Supply Inc', 'Quillmark Fixtures LLC', 'Tamarack Hollow Goods Inc'],
  BE: ['Atelier Vlaskamp SRL', 'Houthandel Brabeeck NV'],
  DE: ['Finkenwald Werkzeuge GmbH', 'Ostermühl Technik GmbH'],
} as const;
const FOREIGN_TOWNS = {
  GB: ['LS1 4AP', 'Leeds'], US: ['05401', 'Burlington VT'], BE: ['4000', 'Liège'], DE: ['50667', 'Köln'],
} as const;

/** Countries of the customers abroad. */
export type ForeignCountry = keyof typeof FOREIGN_FIRMS;

/** A made-up French firm, its legal form last. */
export const firmName = (random: Random): string => `${random.pick(TRADES)} ${random.pick(SURNAMES)} ${random.pick(FORMS)}`;

/** A made-up public body of a place that does not exist. */
export const publicName = (random: Random): string => `${random.pick(PUBLIC_BODIES)} ${random.pick(INVENTED_PLACES)}`;

/** A made-up private person. */
export const personName = (random: Random): string => `${random.pick(GIVEN_NAMES)} ${random.pick(SURNAMES)}`;

/** A made-up firm abroad. */
export const foreignName = (random: Random, country: ForeignCountry): string => random.pick(FOREIGN_FIRMS[country]);

/** Number and street. */
export const street = (random: Random): string => `${random.between(1, 140)} ${random.pick(STREETS)}`;

/** A French town. */
export function frenchTown(random: Random): Town {
  const [postalCode, city] = random.pick(TOWNS);
  return { postalCode, city, country: 'FR' };
}

/** The one town we know in a country abroad. */
export function foreignTown(country: ForeignCountry): Town {
  const [postalCode, city] = FOREIGN_TOWNS[country];
  return { postalCode, city, country };
}

/** Lower-case ASCII words of a name joined by hyphens, for a domain that can never be registered (RFC 2606). */
export function domainOf(name: string, number: number): string {
  const words = name.normalize('NFKD').replaceAll(/[\u0300-\u036f]/g, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return `${words.slice(0, 40)}-${number}.${number % 2 === 0 ? 'example' : 'test'}`;
}
