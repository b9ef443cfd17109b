import { parseIban } from '#core/kernel/iban.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { record } from '#server/audit/record.ts';
import { entitySchema, readEntity, updateEntity } from '#server/identity/organisations.ts';
import type { EntityFields } from '#server/identity/organisations.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command } from './context.ts';

/** Option to field of the entity. */
const FIELDS = {
  name: 'name', 'legal-form': 'legalForm', capital: 'capital', siren: 'siren', 'rcs-city': 'rcsCity', vat: 'vatNumber', 'postal-code': 'postalCode', city: 'city',
  phone: 'phone', email: 'email', iban: 'iban', bic: 'bic', signatory: 'signatory', 'penalty-rate': 'penaltyRate', terms: 'defaultTerms',
} as const;

/** `acquit company`: shows and changes the company that letters come from. */
export const companyCommand: Command = {
  about: { fr: 'coordonnées de la société : mentions légales, IBAN, expéditeur', en: 'details of the company: legal mentions, IBAN, sender' },
  usage: `company ${Object.keys(FIELDS).map((name) => `[--${name} …]`).join(' ')} [--address "line; line"]`,
  options: { ...Object.fromEntries(Object.keys(FIELDS).map((name) => [name, { type: 'string' as const }])), address: { type: 'string' } },
  words: [0, 0],
  creates: true,
  run: async (context) => {
    const given: Record<string, unknown> = {};
    for (const [option, field] of Object.entries(FIELDS)) {
      const value = context.options[option];
      if (typeof value === 'string') given[field] = value;
    }
    const { address } = context.options;
    if (typeof address === 'string') given['address'] = address.split(';').map((line) => line.trim()).filter((line) => line !== '');
    const parsed = entitySchema.partial().safeParse(given);
    if (!parsed.success) {
      const said = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n');
      throw usage(said, said);
    }
    if (parsed.data.iban !== undefined && parsed.data.iban !== null && !parseIban(parsed.data.iban).ok) throw new Stop(EXIT.refused, { fr: 'Cet IBAN est faux (clé de contrôle).', en: 'This IBAN is wrong (check digits).' });
    if (parsed.data.email !== undefined && parsed.data.email !== null) {
      const email = parseRecipient(parsed.data.email);
      if (!email.ok) throw new Stop(EXIT.refused, email.error.message);
    }
    const entity = await context.store.database.inTenant(context.organisation, async (t) => {
      if (Object.keys(parsed.data).length > 0) {
        await updateEntity(t, parsed.data as Partial<EntityFields>);
        await record(t, { at: context.clock.now(), actor: context.actor, kind: 'entity.changed', subject: 'entity:main', facts: { fields: Object.keys(parsed.data) } });
      }
      return readEntity(t);
    });
    context.print({ company: entity }, () => Object.entries(entity).map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : (value ?? '')}\n`).join(''));
    return EXIT.done;
  },
};
