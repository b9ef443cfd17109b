import { Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActionToCome, DayView, NextDaysView, ReasonToCome } from '#core/api/scenarios.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip, toneOfReason } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';

/** Documents named in one line; the rest is counted. */
const NAMED = 4;

function ActionLine({ action }: { readonly action: ActionToCome }): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const channel = words.channel(action.channel);
  const what = action.purpose === 'thankYou' ? t('scenarios.customer.thanks', { channel }) : action.purpose === 'copy' ? t('scenarios.customer.copy', { channel }) : t('scenarios.customer.actionLine', { channel, step: action.step });
  const named = action.documents.slice(0, NAMED).join(', ');
  return (
    <div>
      <Group gap={8}><Text size="sm" fw={600}>{what}</Text><Amount size="sm" amount={action.total} currency={action.currency} />{action.formalNotice ? <Chip tone="red">{t('actions.formalNotice')}</Chip> : null}{action.needsApproval ? <Chip tone="blue">{t('scenarios.approvalOne')}</Chip> : null}</Group>
      <Text size="sm" c="dimmed">{named}{action.documents.length > NAMED ? ` ${t('scenarios.customer.moreDocuments', { count: action.documents.length - NAMED })}` : ''}</Text>
    </div>
  );
}

/** Documents that wait for one reason; the sentences of the first of them once somebody asks. */
function Waits({ reason, of }: { readonly reason: string; readonly of: readonly ReasonToCome[] }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const words = useWords();
  const [opened, setOpened] = useState(false);
  return (
    <details className="waits" onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary><Chip tone={toneOfReason(reason, false)}>{words.reason(reason)}</Chip> <Text component="span" size="sm">{t('scenarios.customer.waits', { count: of.length })}</Text></summary>
      {opened ? (
        <ul className="changes">
          {of.slice(0, NAMED).map((one) => <li key={one.document}>{say(one.text)}</li>)}
          {of.length > NAMED ? <li>{t('scenarios.customer.moreDocuments', { count: of.length - NAMED })}</li> : null}
        </ul>
      ) : null}
    </details>
  );
}

function Day({ of }: { readonly of: DayView }): ReactElement {
  const language = useLanguage();
  const waiting = Map.groupBy(of.changes.filter(({ acts }) => !acts), ({ reason }) => reason);
  return (
    <li className="timeline-entry" data-kind={of.actions.length > 0 ? 'action' : 'wait'}>
      <Text size="xs" c="dimmed">{formatDay(of.today, language, 'long')}</Text>
      {of.actions.map((action, index) => <ActionLine key={`${action.channel}-${action.step}-${index}`} action={action} />)}
      {[...waiting].map(([reason, changes]) => <Waits key={reason} reason={reason} of={changes} />)}
    </li>
  );
}

/** Days shown before somebody asks for more: what comes next matters most. */
const DAYS_FIRST = 12;

/** What would go out on which day, and why the rest waits. */
export function NextDaysList({ of }: { readonly of: NextDaysView }): ReactElement {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (of.days.length === 0) return <Text size="sm" c="dimmed">{t('scenarios.customer.nextNone')}</Text>;
  const shown = all ? of.days : of.days.slice(0, DAYS_FIRST);
  return (
    <>
      {of.days.every(({ actions }) => actions.length === 0) ? <Text size="sm" mb="sm">{t('scenarios.customer.nextNone')}</Text> : null}
      <ol className="plain-list">{shown.map((day) => <Day key={day.today} of={day} />)}</ol>
      {shown.length < of.days.length ? <button type="button" className="plain-button" onClick={() => setAll(true)}>{t('frame.more')}</button> : null}
    </>
  );
}
