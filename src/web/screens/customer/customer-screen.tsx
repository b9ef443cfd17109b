import { Grid, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerDetail } from '#core/api/customers.ts';
import { useCustomer, useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { ContactsCard } from './contacts-card.tsx';
import { DunningCard } from './dunning-card.tsx';
import { HoldsCard } from './holds-card.tsx';
import { CreditsCard, ItemsCard } from './items-card.tsx';
import { NextDaysCard } from './next-days-card.tsx';
import { RecordCard } from './record-card.tsx';
import { TimelineCard } from './timeline-card.tsx';
import { useHoldPanel } from './use-hold-panel.tsx';
import { ButtonTo, LinkTo } from '../../ui/links.tsx';

function Sums({ of }: { readonly of: CustomerDetail }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Stack gap="sm">
      {of.sums.map((sums) => {
        const figures = [
          { label: t('customers.balance'), amount: sums.balance, color: 'inherit' },
          { label: t('customers.overdue'), amount: sums.overdue, color: Number(sums.overdue) > 0 ? '#a83d0c' : 'inherit' },
          { label: t('customers.credits'), amount: sums.credits, color: 'inherit' },
        ];
        return (
          <SimpleGrid component="dl" key={sums.currency} cols={{ base: 1, xs: 3 }} m={0}>
            {figures.map((figure) => (
              <div className="card" key={figure.label}>
                <Text component="dt" size="sm" c="dimmed" fw={550}>{figure.label}</Text>
                <dd className="stat-value" style={{ margin: 0, color: figure.color }}>{formatMoney(figure.amount, sums.currency, language)}</dd>
              </div>
            ))}
          </SimpleGrid>
        );
      })}
    </Stack>
  );
}

/** The page of a customer once it is there. */
function CustomerPage({ of }: { readonly of: CustomerDetail }): ReactElement {
  const { t } = useTranslation();
  const mayEdit = useSession().organisation.role !== 'reader';
  const { open, panel } = useHoldPanel(of, mayEdit);
  const pending = of.pendingActions === 0 ? null : <ButtonTo to="/actions" search={{ tab: 'proposed' }} variant="light">{t('customers.pending', { count: of.pendingActions })}</ButtonTo>;
  return (
    <Page title={of.name} subtitle={<Group gap={8}><span>{of.code}</span>{of.inLegalCase ? <Chip tone="violet">{t('customers.legal')}</Chip> : null}</Group>} actions={pending}>
      <Sums of={of} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}><Stack gap="lg"><ItemsCard of={of} mayEdit={mayEdit} hold={open} /><CreditsCard of={of} /><NextDaysCard customer={of.id} /><TimelineCard entries={of.timeline} /></Stack></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}><Stack gap="lg"><HoldsCard of={of} mayEdit={mayEdit} add={() => open('promise', null)} /><ContactsCard of={of} mayEdit={mayEdit} /><DunningCard customer={of.id} mayEdit={mayEdit} /><RecordCard of={of} mayEdit={mayEdit} /></Stack></Grid.Col>
      </Grid>
      {panel}
    </Page>
  );
}

/** One customer: what it owes, why it is chased or not, whom to write to, and what happened. */
export function CustomerScreen(): ReactElement {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/customers/$id' });
  const { data, error, refetch } = useCustomer(id);
  const back = <LinkTo to="/customers" size="sm"><Group gap={4}><Icon name="back" size={15} />{t('customers.back')}</Group></LinkTo>;
  if (data === undefined) {
    return <Page title={t('customers.title')}>{back}{error === null ? <Loading rows={10} /> : <FaultNote error={error} retry={() => void refetch()} />}</Page>;
  }
  return (
    <Stack gap="sm">
      <div className="page" style={{ width: '100%' }}>{back}</div>
      <CustomerPage key={data.id} of={data} />
    </Stack>
  );
}
