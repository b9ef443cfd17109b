import { explainDecision } from '#core/dunning/explain.ts';
import type { Explained } from '#core/dunning/explain.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import { partsOf } from '#core/kernel/day.ts';
import { money } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Result } from '#core/kernel/result.ts';
import { formatDay, formatMoney } from '#core/letters/format.ts';
import { parseHead } from '#server/audit/head-line.ts';
import type { LetterMaker, LetterPdf } from '#server/letters/pdf.ts';
import { PAGE_SOURCE } from './page-source.ts';
import { CHANNELS, HAPPENED, OUTCOMES, REASONS, TITLES } from './page-words.ts';
import { newestHead } from './proof.ts';
import type { Proof } from './proof.ts';

/** Documents, decisions and events that the page tells one by one: more would not fit it, and are in proof.json. */
const DOCUMENTS_MAX = 12;
const DECISIONS_MAX = 3;
const EVENTS_MAX = 14;
/** Characters of an answer or a sentence on the page. */
const TEXT_MAX = 420;

/** A line of the page: what, which, and whether it is a hash. */
type Line = readonly [string, string, boolean];
type Section = { readonly title: string; readonly rows: readonly Line[]; readonly lines: readonly string[] };
type Said = { readonly at: string; readonly kind: string; readonly actor: string; readonly facts: Readonly<Record<string, unknown>> };

const short = (text: string): string => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text);
const row = (what: string, which: string): Line => [what, short(which), false];
const hashRow = (what: string, hash: string | null): Line[] => (hash === null ? [] : [[what, hash, true]]);

/** The page that tells of a proof, to be read by a judge: one page in French, the same bytes for the same proof. */
export const proofPage = (proof: Proof, letters: LetterMaker): Result<LetterPdf, Problem> => letters.draw({ source: PAGE_SOURCE, data: pageData(proof), today: proof.stated.day });

/** What the page says. */
export function pageData(proof: Proof): { title: string; author: string; created: object; lead: string; footer: string; sections: Section[] } {
  const { stated } = proof;
  return {
    title: TITLES[proof.state] ?? 'Preuve', author: stated.company, created: partsOf(stated.day),
    lead: `${stated.company} · ${CHANNELS[stated.channel] ?? stated.channel} n° ${proof.action} · proposé le ${formatDay(stated.day, 'fr')}`,
    footer: `Établi par Acquit, installation ${proof.installation}, organisation « ${proof.organisation} ».`,
    sections: [message(proof), happened(proof), why(proof), hashes(proof), check()],
  };
}

function amountOf({ total, currency }: Proof): string {
  const known = parseCurrency(currency);
  return known === null ? `${total} ${currency}` : formatMoney(money(BigInt(total), known), 'fr');
}

function message(proof: Proof): Section {
  const { stated, items } = proof;
  const documents = items.map(({ item }) => stated.documents[item] ?? item);
  const more = documents.length - DOCUMENTS_MAX;
  return {
    title: 'Le message',
    rows: [
      row('Client', `${stated.customer} (${stated.customerCode})`),
      ...(proof.message === null ? [] : [row('Destinataire', proof.message.recipient)]),
      ...(stated.subject === null ? [] : [row('Objet', stated.subject)]),
      row('Montant demandé', amountOf(proof)),
      row('Pièces', `${documents.slice(0, DOCUMENTS_MAX).join(', ')}${more > 0 ? ` et ${more} autres` : ''}`),
      ...(stated.reason === null ? [] : [row('Précision', REASONS[stated.reason] ?? stated.reason)]),
    ],
    lines: [],
  };
}

function happened(proof: Proof): Section {
  const told = proof.events.map(({ body }) => JSON.parse(body) as Said);
  const left = told.length - EVENTS_MAX;
  const shown = left > 0 ? [...told.slice(0, EVENTS_MAX / 2), ...told.slice(-EVENTS_MAX / 2)] : told;
  const rows = shown.map((said): Line => row(instant(said.at), clause(proof, said)));
  return { title: 'Ce qui s’est passé (heures UTC, telles qu’enregistrées)', rows, lines: left > 0 ? [`${left} événements intermédiaires sont dans proof.json.`] : [] };
}

const instant = (at: string): string => `${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)} ${at.slice(11, 19)}`;

function clause({ stated, attempts }: Proof, { kind, actor, facts }: Said): string {
  const who = stated.people[actor] ?? (actor.startsWith('user:') ? `utilisateur n° ${actor.slice(5)}` : null);
  const attempt = kind === 'action.settled' ? attempts.find(({ fence }) => fence === facts['fence']) : undefined;
  const ended = attempt === undefined ? '' : ` : ${OUTCOMES[attempt.outcome ?? ''] ?? ''}${attempt.response === null ? '' : `, réponse « ${attempt.response} »`}`;
  const reason = facts['reason'];
  const because = typeof reason === 'string' && kind !== 'action.settled' ? ` (${REASONS[reason] ?? reason})` : '';
  return `${HAPPENED[kind] ?? kind}${who === null ? '' : ` par ${who}`}${ended}${because}`;
}

function why({ decisions, stated }: Proof): Section {
  const lines = decisions.slice(0, DECISIONS_MAX).map(({ item, reason, step, facts }) => {
    const decision = { document: stated.documents[item] ?? item, reason, step, until: null, facts: JSON.parse(facts) as Explained['facts'] };
    return short(explainDecision(decision as Explained, 'fr'));
  });
  const more = decisions.length - DECISIONS_MAX;
  return { title: 'Pourquoi', rows: [], lines: more > 0 ? [...lines, `${more} autres motifs sont dans proof.json.`] : lines };
}

function hashes(proof: Proof): Section {
  const last = proof.heads.at(-1);
  const head = last === undefined ? null : parseHead(last);
  return {
    title: 'Empreintes (SHA-256)',
    rows: [
      ...(proof.message === null ? [] : [row('Message-ID', proof.message.headerId)]),
      ...hashRow('message.eml', proof.message?.mime ?? null), ...hashRow('letter.pdf', proof.message?.pdf ?? null), ...hashRow('proof.json (sceau)', proof.seal),
      ...(head === null ? [row('Chaîne', 'aucune empreinte quotidienne ne couvre encore ces événements : redemandez la preuve demain')]
        : [row('Chaîne', `empreinte du ${formatDay(head.day, 'fr')}, ${head.events} événements`), ...hashRow('Ligne', newestHead(proof))]),
    ],
    lines: [],
  };
}

const check = (): Section => ({
  title: 'Comment vérifier', rows: [],
  lines: [
    'Dans ce dossier : « node verify-proof.mjs » (Node 18 ou plus récent, hors ligne, aucune base de données, 200 lignes lisibles). Avec une copie des empreintes quotidiennes gardée ailleurs : « node verify-proof.mjs --heads FICHIER.jsonl ».',
    'Prouvé : les octets du message, son destinataire, les montants, les motifs, les approbations, la réponse du serveur et leur ordre. Non prouvé : l’heure exacte (sans horodatage qualifié de l’empreinte), la lecture du message, ce qui est arrivé ensuite.',
  ],
});
