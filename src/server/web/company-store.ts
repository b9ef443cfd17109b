import type { z } from 'zod';
import type { CompanyView } from '#core/api/configuration.ts';
import { parseBic, parseIban } from '#core/kernel/iban.ts';
import { parseTerms } from '#core/ledger/terms.ts';
import { record } from '#server/audit/record.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import type { By } from '#server/dunning/actions.ts';
import { updateEntity } from '#server/identity/organisations.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { companyBody } from './contracts/configuration-shapes.ts';
import { Refusal, invalid } from './refusal.ts';

type CompanyChange = z.output<typeof companyBody>;

type Row = {
  name: string; legal_form: string | null; capital: string | null; siren: string | null; rcs_city: string | null; vat_number: string | null; address: string[];
  postal_code: string | null; city: string | null; country: string; phone: string | null; email: string | null; iban: string | null; bic: string | null;
  signatory: string | null; default_terms: string;
};

/** The company that issues the invoices. */
export async function readCompany(t: Tenant): Promise<CompanyView> {
  const row = await t.one<Row>(t.sql`
    select e.name, e.legal_form, e.capital, e.siren, e.rcs_city, e.vat_number, e.address, e.postal_code, e.city, e.country, e.phone, e.email, e.iban, e.bic,
      e.signatory, e.default_terms from ${t.from('entity')} e order by e.entity_id limit 1`);
  if (row === null) throw new Error('the organisation has no entity');
  return {
    name: row.name, legalForm: row.legal_form, capital: row.capital, siren: row.siren, rcsCity: row.rcs_city, vatNumber: row.vat_number, address: row.address,
    postalCode: row.postal_code, city: row.city, country: row.country, phone: row.phone, email: row.email, iban: row.iban, bic: row.bic, signatory: row.signatory,
    defaultTerms: row.default_terms,
  };
}

function checkedIban(text: string | null): string | null {
  if (text === null) return null;
  const iban = parseIban(text);
  if (iban.ok) return iban.value;
  const why = {
    'iban.malformed': ['il contient autre chose que des lettres et des chiffres', 'it holds something other than letters and digits'],
    'iban.length': ['il n’a pas le bon nombre de caractères pour son pays', 'it does not have the right number of characters for its country'],
    'iban.checkDigits': ['sa clé de contrôle ne correspond pas : un chiffre est faux', 'its check digits do not match: a digit is wrong'],
  }[iban.error];
  throw invalid('company.iban', `Cet IBAN n’est pas valable : ${why[0] ?? ''}. Recopiez-le depuis votre RIB.`, `This IBAN is not valid: ${why[1] ?? ''}. Copy it from your bank details.`);
}

function checked(change: CompanyChange): CompanyChange {
  const siren = change.siren?.replaceAll(/\s/g, '') ?? null;
  if (siren !== null && !/^\d{9}$/.test(siren)) throw invalid('company.siren', 'Le SIREN a neuf chiffres (les neuf premiers du SIRET).', 'The SIREN has nine digits (the first nine of the SIRET).');
  const bic = change.bic === null ? null : parseBic(change.bic);
  if (change.bic !== null && bic === null) throw invalid('company.bic', 'Un BIC a 8 ou 11 lettres et chiffres : corrigez-le, ou laissez-le vide.', 'A BIC has 8 or 11 letters and digits: correct it, or leave it empty.');
  if (!/^[A-Z]{2}$/.test(change.country)) throw invalid('company.country', 'Le pays s’écrit en deux lettres (FR, BE…).', 'The country is two letters (FR, BE…).');
  if (change.email !== null && !parseRecipient(change.email).ok) {
    throw invalid('company.email', 'L’adresse d’expéditeur doit être une adresse e-mail simple (nom@domaine.fr).', 'The sender address must be one plain e-mail address (name@domain.com).');
  }
  const terms = parseTerms(change.defaultTerms);
  if (!terms.ok) throw new Refusal(422, 'company.defaultTerms', terms.error.message);
  return { ...change, siren, bic, iban: checkedIban(change.iban), address: change.address.filter((line) => line !== '') };
}

/** Changes the company; letters composed from now on carry the new details. */
export async function changeCompany(t: Tenant, change: CompanyChange, by: By): Promise<void> {
  const { defaultTerms, ...fields } = checked(change);
  await updateEntity(t, fields);
  await t.run(t.sql`${t.update('entity', 'e')} set default_terms = ${defaultTerms} where ${t.own('e')} and e.code = 'main'`);
  await t.run(t.sql`${t.update('profile', 'p')} set name = ${fields.name} where ${t.own('p')}`);
  const set = Object.entries(fields).filter(([, value]) => value !== null && value.length > 0).map(([field]) => field);
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'company.changed', subject: 'company', facts: { set, iban: fields.iban } });
}
