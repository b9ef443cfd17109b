import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerDetail } from '#core/api/customers.ts';
import type { HoldSummary } from '#core/api/holds.ts';
import { useHolds } from '../../api/holds.ts';
import { useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { ButtonTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { AcceptModal } from '../holds/accept-modal.tsx';
import { EndModal } from '../holds/end-modal.tsx';
import { toneOfHold, useHoldWords } from '../holds/hold-words.ts';
import { InsolvencyModal } from '../holds/insolvency-modal.tsx';

type LineProps = { readonly hold: HoldSummary; readonly mayEdit: boolean; readonly end: () => void; readonly accept: () => void; readonly learn: () => void };

function HoldLine({ hold, mayEdit, end, accept, learn }: LineProps): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const words = useHoldWords();
  const saving = useSaving();
  const kind = t(`holds.kinds.${hold.kind}`);
  const about = words.about(hold);
  const amount = words.amount(hold);
  const name = `${kind}, ${about}`;
  return (
    <li>
      <Group gap={8}><Chip tone="violet">{kind}</Chip>{hold.state === 'open' ? null : <Chip tone={toneOfHold(hold.state)}>{say(hold.stateText)}</Chip>}{hold.dispute?.late === true ? <Chip tone="red">{t('holds.late')}</Chip> : null}</Group>
      <Text size="sm" fw={550} mt={4}>{about}{amount === null ? null : <span className="number"> · {amount}</span>}</Text>
      {words.facts(hold).map((fact) => <Text key={fact} size="sm" c="dimmed">{fact}</Text>)}
      {hold.note === null ? null : <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{hold.note}</Text>}
      <Group gap="xs" mt={6}>
        {hold.kind === 'dispute' ? <ButtonTo size="compact-sm" variant="light" to="/disputes" search={{ id: hold.id }} aria-label={t('holds.openOf', { name })}>{t('holds.open')}</ButtonTo> : null}
        {hold.kind === 'plan' || hold.kind === 'promise' ? <ButtonTo size="compact-sm" variant="light" to="/promises" search={{ id: hold.id }} aria-label={t('holds.openOf', { name })}>{t('holds.open')}</ButtonTo> : null}
        {hold.kind === 'plan' ? <Button size="compact-sm" variant="light" loading={saving.isPending} onClick={() => saving.mutate(`/api/plans/${hold.id}/schedule.pdf`)}>{t('holds.plan.pdf')}</Button> : null}
        {mayEdit && hold.state === 'proposed' ? <Button size="compact-sm" onClick={accept}>{t('holds.plan.accept')}</Button> : null}
        {mayEdit && hold.kind === 'insolvency' ? <Button size="compact-sm" variant="light" onClick={learn}>{t('holds.insolvency.complete')}</Button> : null}
        {mayEdit ? <Button size="compact-sm" variant="subtle" onClick={end} aria-label={t('holds.endOf', { name })}>{t('holds.end')}</Button> : null}
      </Group>
    </li>
  );
}

/** Reasons not to chase that are in force, with what can be done about each; they are entered in the panel. */
export function HoldsCard({ of, mayEdit, add }: { readonly of: CustomerDetail; readonly mayEdit: boolean; readonly add: () => void }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useHolds({ customer: of.id });
  const [ending, setEnding] = useState<HoldSummary | null>(null);
  const [accepting, setAccepting] = useState<HoldSummary | null>(null);
  const [learning, setLearning] = useState<HoldSummary | null>(null);
  const live = data?.pages.flatMap(({ rows }) => rows) ?? [];
  return (
    <Card title={t('customers.holds')} actions={mayEdit ? <Button size="xs" variant="light" onClick={add} aria-keyshortcuts="s">{t('customers.addHoldShort')}</Button> : null}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading rows={2} /> : null}
      {data !== undefined && live.length === 0 ? <Text size="sm" c="dimmed">{t('customers.noHolds')}</Text> : null}
      <Stack component="ul" className="plain-list" gap="md">
        {live.map((hold) => <HoldLine key={hold.id} hold={hold} mayEdit={mayEdit} end={() => setEnding(hold)} accept={() => setAccepting(hold)} learn={() => setLearning(hold)} />)}
      </Stack>
      {hasNextPage ? <Button mt="sm" size="xs" variant="default" onClick={() => void fetchNextPage()}>{t('frame.more')}</Button> : null}
      {mayEdit ? <Text size="xs" c="dimmed" mt="sm" visibleFrom="sm"><kbd className="key key-hint">s</kbd> {t('customers.holdKey')}</Text> : null}
      <EndModal hold={ending} close={() => setEnding(null)} />
      <AcceptModal plan={accepting} close={() => setAccepting(null)} />
      <InsolvencyModal hold={learning} close={() => setLearning(null)} />
    </Card>
  );
}
