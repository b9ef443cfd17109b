import { Button, Checkbox, Group, List, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendingPage, SendingSaved } from '#core/api/sending.ts';
import { change } from '../../api/client.ts';
import { sessionQuery, useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatAccount, formatDay, formatDecimal } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { emailFault } from '../holds/dispute-form.tsx';
import { EMAIL_MAX } from '../holds/form-frame.tsx';
import { sendingSettings, sendingValues } from './sending-values.ts';
import type { SendingValues } from './sending-values.ts';

/** Bounds the server holds. */
const APPROVAL_DAYS = { min: 1, max: 60 } as const;
const RATE = { min: 1, max: 1_000_000 } as const;
const BANK_DAYS = { min: 1, max: 366 } as const;
const TENTH = 10;
const THOUSAND = 1000;

const TWO = { base: 1, sm: 2 };

type FormProps = { readonly form: UseFormReturnType<SendingValues> };

function TestMode({ form }: FormProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Card title={t('sending.test.title')}>
      <Stack gap="sm">
        <Switch label={t('sending.test.switch')} {...form.getInputProps('testing', { type: 'checkbox' })} />
        <List size="sm" c="dimmed" spacing={2}>{(['mail', 'letters', 'counts', 'leaving'] as const).map((what) => <List.Item key={what}>{t(`sending.test.changes.${what}`)}</List.Item>)}</List>
        {form.values.testing ? <TextInput maw={420} label={t('sending.test.address')} required inputMode="email" maxLength={EMAIL_MAX} {...form.getInputProps('testAddress')} /> : null}
      </Stack>
    </Card>
  );
}

function Approvals({ form }: FormProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Card title={t('sending.approvals.title')}>
      <Stack gap="md">
        <Switch label={t('sending.approvals.fourEyes')} description={t('sending.approvals.fourEyesText')} {...form.getInputProps('fourEyes', { type: 'checkbox' })} />
        <NumberInput maw={420} label={t('sending.approvals.days')} description={t('sending.approvals.daysText')} {...APPROVAL_DAYS} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('approvalDays')} />
      </Stack>
    </Card>
  );
}

function Rates({ form }: FormProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Card title={t('sending.rates.title')}>
      <Stack gap="md">
        <Switch label={t('sending.rates.switch')} description={t('sending.rates.text')} {...form.getInputProps('limited', { type: 'checkbox' })} />
        {form.values.limited ? (
          <SimpleGrid cols={TWO} style={{ alignItems: 'end' }}>
            {(['perHour', 'perDay', 'perDomainHour', 'perDomainDay'] as const).map((one) => <NumberInput key={one} label={t(`sending.rates.${one}`)} {...RATE} allowDecimal={false} required {...form.getInputProps(one)} />)}
          </SimpleGrid>
        ) : null}
      </Stack>
    </Card>
  );
}

function Bank({ form, page }: FormProps & { readonly page: SendingPage }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const keys = [...new Set([...page.accounts.map(({ key }) => key), ...form.values.leftOut])];
  const toggle = (key: string): void => form.setFieldValue('leftOut', form.values.leftOut.includes(key) ? form.values.leftOut.filter((one) => one !== key) : [...form.values.leftOut, key]);
  return (
    <Card title={t('sending.bank.title')}>
      <Stack gap="md">
        <Switch label={t('sending.bank.switch')} description={t('sending.bank.text')} {...form.getInputProps('bankLooked', { type: 'checkbox' })} />
        {form.values.bankLooked ? <NumberInput maw={420} label={t('sending.bank.days')} {...BANK_DAYS} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('bankLimitDays')} /> : null}
        {form.values.bankLooked ? (
          <section aria-label={t('sending.bank.accounts')}>
            <Text size="sm" fw={500}>{t('sending.bank.accounts')}</Text>
            {keys.length === 0 ? <Text size="sm" c="dimmed">{t('sending.bank.none')}</Text> : null}
            <Stack component="ul" className="plain-list" gap="xs" mt="xs">
              {keys.map((key) => {
                const account = page.accounts.find((one) => one.key === key);
                return (
                  <li key={key}>
                    <Checkbox label={<span style={{ overflowWrap: 'anywhere' }}>{formatAccount(key)}</span>} checked={!form.values.leftOut.includes(key)} onChange={() => toggle(key)}
                      description={account === undefined ? t('sending.bank.leftOut') : t('sending.bank.lastOn', { day: formatDay(account.lastOn, language), count: account.ageDays })} />
                  </li>
                );
              })}
            </Stack>
          </section>
        ) : null}
      </Stack>
    </Card>
  );
}

function Limits({ form, page }: FormProps & { readonly page: SendingPage }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { bouncesPerThousand, complaintsPerHundredThousand } = page.bounds;
  const percent = (share: number): string => formatDecimal(String(share), language);
  return (
    <Card title={t('sending.breaker.limits')}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">{t('sending.breaker.limitsText')}</Text>
        <SimpleGrid cols={TWO} style={{ alignItems: 'end' }}>
          <NumberInput label={t('sending.breaker.bounces')} description={t('sending.breaker.bouncesText', { percent: percent(bouncesPerThousand / TENTH) })} min={1} max={bouncesPerThousand} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('bouncesPerThousand')} />
          <NumberInput label={t('sending.breaker.complaints')} description={t('sending.breaker.complaintsText', { percent: percent(complaintsPerHundredThousand / THOUSAND) })} min={1} max={complaintsPerHundredThousand} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('complaintsPerHundredThousand')} />
        </SimpleGrid>
      </Stack>
    </Card>
  );
}

/** What a save did to actions that stood, in words; the plain confirmation when it did nothing to them. */
function useSaved(): (saved: SendingSaved) => string {
  const { t } = useTranslation();
  return ({ cancelledTests, backForApproval }) => [
    t('sending.saved'), cancelledTests === 0 ? '' : t('sending.testsCancelled', { count: cancelledTests }), backForApproval === 0 ? '' : t('sending.backForApproval', { count: backForApproval }),
  ].filter((part) => part !== '').join(' ');
}

/** How messages are sent: test mode, approvals, speed, bank, limits of the breaker; saved whole. */
export function SendingForm({ page }: { readonly page: SendingPage }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const saved = useSaved();
  const owner = useSession().organisation.role === 'owner';
  const whole = (value: number | string): string | null => (Number.isInteger(Number(value)) && Number(value) >= 1 ? null : t('sending.fault.whole'));
  const form = useForm<SendingValues>({
    initialValues: sendingValues(page.settings),
    validate: {
      testAddress: (text, { testing }) => (!testing ? null : text.trim() === '' ? t('sending.test.addressNeeded') : emailFault(text, say)), approvalDays: whole, bankLimitDays: whole, bouncesPerThousand: whole,
      complaintsPerHundredThousand: whole, perHour: whole, perDay: whole, perDomainHour: whole, perDomainDay: whole,
    },
  });
  const save = useChange((values: SendingValues) => change<SendingSaved>('PUT', '/api/sending', sendingSettings(values)), { done: (answer) => {
    tell(saved(answer));
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  } });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values), (errors) => { const [first] = Object.keys(errors); if (first !== undefined) form.getInputNode(first)?.focus(); })} noValidate>
      <fieldset disabled={!owner} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="lg">
          {owner ? null : <Text c="dimmed">{t('settings.ownerOnly')}</Text>}
          {page.settings.testAddress === null ? null : <div><Chip tone="violet">{t('sending.test.on')}</Chip></div>}
          <TestMode form={form} /><Approvals form={form} /><Rates form={form} /><Bank form={form} page={page} /><Limits form={form} page={page} />
          {owner ? <Group justify="flex-end"><Button type="submit" size="md" loading={save.isPending}>{t('sending.save')}</Button></Group> : null}
        </Stack>
      </fieldset>
    </form>
  );
}
