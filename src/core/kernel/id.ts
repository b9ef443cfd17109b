declare const brand: unique symbol;

/** A row's id: the decimal digits of a database `bigint`. Two kinds of id do not mix. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

/** Ids of the kinds of rows that code passes around. */
export type OrganisationId = Id<'organisation'>;
export type CustomerId = Id<'customer'>;
export type ItemId = Id<'item'>;
export type ImportId = Id<'import'>;
export type ScenarioId = Id<'scenario'>;
export type RunId = Id<'run'>;
export type ActionId = Id<'action'>;
export type ContactId = Id<'contact'>;
export type HoldId = Id<'hold'>;
export type UserId = Id<'user'>;

const ID_TEXT = /^[1-9][0-9]{0,18}$/;

/** Reads an id from outside; null when the text is no positive 64-bit decimal. */
export function parseId<Kind extends string>(text: string): Id<Kind> | null {
  return ID_TEXT.test(text) ? (text as Id<Kind>) : null;
}
