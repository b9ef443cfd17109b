import { z } from 'zod';
import type { FieldView, TemplateLine, TemplateWhole, TextPreviewView, TextSavedView, TextVersionView } from '#core/api/templates.ts';
import { VARIANTS } from '#core/letters/families.ts';
import { SUBJECT_TEMPLATE_LENGTH_MAX, TEMPLATE_LENGTH_MAX } from '#core/letters/template.ts';
import { bilingualSchema, idSchema, problemSchema } from './shapes.ts';

const variant = z.enum(VARIANTS);
const language = z.enum(['fr', 'en']);
const standsFor = z.enum(['preDue', 'reminder1', 'reminder2', 'reminder3', 'formalNotice', 'thankYou']);

const line = {
  code: z.string(), name: bilingualSchema, standsFor, ready: z.boolean(), retired: z.boolean(),
  texts: z.array(z.object({ variant, language, changed: z.boolean() })), completeIn: z.array(language), usedBy: z.array(z.string()),
};
/** The families. */
export const templateLinesSchema: z.ZodType<readonly TemplateLine[]> = z.array(z.object(line));
const source = { subject: z.string(), body: z.string() };
/** A family whole. */
export const templateWholeSchema: z.ZodType<TemplateWhole> = z.object({
  ...line, variants: z.array(variant),
  wholeTexts: z.array(z.object({ variant, language, version: z.number(), ...source, changedAt: z.string().nullable(), changedBy: z.string().nullable(), original: z.object(source).nullable() })),
});
/** The versions of a text. */
export const textVersionsSchema: z.ZodType<readonly TextVersionView[]> = z.array(z.object({ version: z.number(), at: z.string(), by: z.string().nullable(), removed: z.boolean(), ...source }));
/** The closed list of fields. */
export const fieldsSchema: z.ZodType<readonly FieldView[]> = z.array(z.object({ names: bilingualSchema, about: bilingualSchema, block: z.boolean(), example: bilingualSchema }));
/** How a text reads. */
export const textPreviewSchema: z.ZodType<TextPreviewView> = z.object({ ...source, text: z.string(), html: z.string().nullable(), customer: z.string().nullable(), problems: z.array(problemSchema) }).omit({ body: true });
/** What became of a save. */
export const textSavedSchema: z.ZodType<TextSavedView> = z.object({ version: z.number().nullable(), problems: z.array(problemSchema) });

/** The code of a family in a path. */
export const familyParams = z.object({ code: z.string().regex(/^[a-z][A-Za-z0-9-]{0,39}$/) });
/** A text in a path. */
export const textParams = familyParams.extend({ variant, language });
/** Twice what is allowed travels, so that the sentence about the limit is ours. */
const typed = { subject: z.string().max(2 * SUBJECT_TEMPLATE_LENGTH_MAX), body: z.string().max(2 * TEMPLATE_LENGTH_MAX) };
/** A text as it is saved, on the version the person saw. */
export const saveTextBody = z.strictObject({ ...typed, basedOn: z.number().int().min(0) });
/** A text to look at. */
export const previewTextBody = z.strictObject({ ...typed, standsFor, variant, language, customer: idSchema<'customer'>().nullable() });
const name = z.string().trim().min(1).max(120);
/** A new family. */
export const newFamilyBody = z.strictObject({ name, standsFor, from: familyParams.shape.code.nullable() });
/** Its new name. */
export const renameBody = z.strictObject({ name });
/** The code that a new family was given. */
export const familyMadeSchema = z.object({ code: z.string() });
