import { Anchor, Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '#core/api/customers.ts';
import { useLanguage } from '../../language/language.ts';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { known } from '../../ui/reasons.ts';
import { useWords } from '../../ui/words.ts';
import { useEnding } from '../holds/hold-words.ts';

/** Entries shown before somebody asks for more: what matters is recent. */
const SHOWN_FIRST = 12;

const HOLDS = ['dispute', 'promise', 'plan', 'pause', 'insolvency'] as const;
const CHANGES = ['changed', 'contactSaved', 'contactRemoved'] as const;

function useSentence(): (entry: TimelineEntry) => { readonly head: string; readonly more: string } {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const ending = useEnding();
  const money = (entry: TimelineEntry): string => (entry.amount === null || entry.currency === null ? '' : formatMoney(entry.amount, entry.currency, language));
  const hold = (entry: TimelineEntry): string => { const word = known(HOLDS, entry.detail); return word === undefined ? entry.detail : t(`customers.holdKinds.${word}`); };
  return (entry) => {
    switch (entry.kind) {
      case 'action':
        return {
          head: t('customers.event.action', { channel: words.channel(entry.channel ?? ''), step: entry.step ?? 0, state: words.state(entry.detail).toLocaleLowerCase(language) }),
          more: [t('customers.event.actionOf', { amount: money(entry), documents: entry.documents ?? '' }), words.ended(entry.note)].filter((text) => text !== '').join(' · '),
        };
      case 'hold': return { head: t('customers.event.hold', { kind: hold(entry).toLocaleLowerCase(language) }), more: [entry.documents, money(entry), entry.note === null ? null : words.dispute(entry.note)].filter((text) => text !== null && text !== '').join(' · ') };
      case 'holdEnded': return { head: t('customers.event.holdEnded', { kind: hold(entry).toLocaleLowerCase(language) }), more: [entry.documents, ending(entry.note)].filter((text) => text !== null && text !== '').join(' · ') };
      case 'import': return { head: t('customers.event.import', { count: entry.count ?? 0 }), more: entry.note ?? '' };
      case 'receipt': return { head: t('customers.event.receipt', { kind: words.itemKind(entry.detail), amount: money(entry) }), more: [entry.documents, entry.note].filter((text) => text !== null && text !== '').join(' · ') };
      case 'change': { const word = known(CHANGES, entry.detail); return { head: word === undefined ? entry.detail : t(`customers.event.change.${word}`), more: '' }; }
    }
  };
}

/** What happened with the customer, newest first. */
export function TimelineCard({ entries }: { readonly entries: readonly TimelineEntry[] }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const sentence = useSentence();
  const [all, setAll] = useState(false);
  const shown = all ? entries : entries.slice(0, SHOWN_FIRST);
  return (
    <Card title={t('customers.timeline')}>
      {entries.length === 0 ? <Text size="sm" c="dimmed">{t('customers.event.none')}</Text> : null}
      <ol className="plain-list">
        {shown.map((entry, index) => {
          const { head, more } = sentence(entry);
          return (
            <li key={`${entry.at}-${entry.kind}-${index}`} className="timeline-entry" data-kind={entry.kind}>
              <Text size="xs" c="dimmed">{formatDay(entry.on, language)}</Text>
              <Text size="sm" fw={600}>{head}</Text>
              {more === '' ? null : <Text size="sm" c="dimmed" lineClamp={3}>{more}</Text>}
              {entry.actionId === null ? null : <Anchor size="xs" underline="always" download href={`/api/actions/${entry.actionId}/proof.zip`} aria-label={t('customers.event.proofOf', { what: head, on: formatDay(entry.on, language) })}>{t('customers.event.proof')}</Anchor>}
            </li>
          );
        })}
      </ol>
      {shown.length < entries.length ? <Button variant="default" size="xs" onClick={() => setAll(true)}>{t('frame.more')}</Button> : null}
    </Card>
  );
}
