import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '#core/api/faults.ts';
import type { MatchingSettings } from '#core/api/matching.ts';
import { ApiFault, change } from '../../api/client.ts';
import { useMatchingSettings } from '../../api/matching.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { readAmount } from '../../ui/typed-amount.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { LineRules } from './line-rules.tsx';
import { isRate, isTolerance, settingsOf, valuesOf } from './matching-values.ts';
import type { MatchingValues, RuleValues } from './matching-values.ts';

/** Bounds of the settings: those the server holds. */
const CONFIDENCE = { min: 80, max: 100 } as const;
const CAP = { min: 0, max: 100 } as const;
const TIMES = { min: 1, max: 100 } as const;
const DISCOUNT_DAYS = { min: 1, max: 90 } as const;

type FormProps = { readonly form: UseFormReturnType<MatchingValues> };

const TWO = { base: 1, sm: 2 };

function ByItself({ form }: FormProps): ReactElement {
  const { t } = useTranslation();
  const going = (['automatic', 'propose'] as const).map((value) => ({ value, label: t(`matching.settings.going.${value}`) }));
  return (
    <Card title={t('matching.settings.byItself')}>
      <Stack gap="md">
        <Switch label={t('matching.settings.afterImport')} description={t('matching.settings.afterImportText')} {...form.getInputProps('afterImport', { type: 'checkbox' })} />
        <NumberInput maw={420} label={t('matching.settings.automaticFrom')} description={t('matching.settings.automaticFromText')} {...CONFIDENCE} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('automaticFrom')} />
        <SimpleGrid cols={TWO} style={{ alignItems: 'end' }}>
          <Select label={t('matching.settings.partPayments')} description={t('matching.settings.partPaymentsText')} allowDeselect={false} data={going} {...form.getInputProps('partPayments')} />
          <Select label={t('matching.settings.writeOffs')} description={t('matching.settings.writeOffsText')} allowDeselect={false} data={going} {...form.getInputProps('writeOffs')} />
        </SimpleGrid>
        <Switch label={t('matching.settings.remembered')} description={t('matching.settings.rememberedText')} {...form.getInputProps('remembered', { type: 'checkbox' })} />
        {form.values.remembered ? <NumberInput maw={420} label={t('matching.settings.rememberedTimes')} {...TIMES} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('rememberedPayers')} /> : null}
      </Stack>
    </Card>
  );
}

function Gaps({ form }: FormProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Card title={t('matching.settings.gaps')}>
      <Stack gap="md">
        <SimpleGrid cols={TWO} style={{ alignItems: 'end' }}>
          <TextInput label={t('matching.settings.percent')} description={t('matching.settings.percentText')} inputMode="decimal" maxLength={8} required {...form.getInputProps('percent')} />
          <NumberInput label={t('matching.settings.cap')} description={t('matching.settings.capText')} {...CAP} allowDecimal={false} required {...form.getInputProps('capUnits')} />
        </SimpleGrid>
        <Switch label={t('matching.settings.discount')} description={t('matching.settings.discountText')} {...form.getInputProps('discounted', { type: 'checkbox' })} />
        {form.values.discounted ? (
          <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ alignItems: 'end' }}>
            <TextInput label={t('matching.settings.discountRate')} inputMode="decimal" maxLength={8} required {...form.getInputProps('discountRate')} />
            <NumberInput label={t('matching.settings.discountDays')} {...DISCOUNT_DAYS} allowDecimal={false} required {...form.getInputProps('discountDays')} />
            <Select label={t('matching.settings.discountOn')} allowDeselect={false} data={(['both', 'net'] as const).map((value) => ({ value, label: t(`matching.settings.discountOns.${value}`) }))} {...form.getInputProps('discountOn')} />
          </SimpleGrid>
        ) : null}
      </Stack>
    </Card>
  );
}

function Order({ form }: FormProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Card title={t('matching.settings.order')}>
      <Stack gap="md">
        <Switch label={t('matching.settings.oldestFirst')} description={t('matching.settings.oldestFirstText')} {...form.getInputProps('oldestFirst', { type: 'checkbox' })} />
        <Select maw={420} label={t('matching.settings.imputation')} description={t('matching.settings.imputationText')} allowDeselect={false} data={(['principalFirst', 'interestFirst'] as const).map((value) => ({ value, label: t(`matching.settings.imputations.${value}`) }))} {...form.getInputProps('imputation')} />
      </Stack>
    </Card>
  );
}

/** What is wrong with a rule, field by field; the words are those of the language spoken. */
function useRuleChecks() {
  const { t } = useTranslation();
  const ruleAt = (values: MatchingValues, path: string): RuleValues | undefined => values.lines[Number(path.split('.')[1])];
  // An amount of a rule is read in its currency; without one the finest unit there is tells a number from a word.
  const minor = (text: string, rule: RuleValues | undefined): bigint | null => readAmount(text, rule === undefined || rule.currency === '' ? 'TND' : rule.currency);
  const amount = (text: string, values: MatchingValues, path: string): string | null => (text.trim() !== '' && (minor(text, ruleAt(values, path)) ?? -1n) < 0n ? t('matching.settings.ruleAmountWrong') : null);
  return {
    name: (text: string) => (text.trim() === '' ? t('matching.settings.ruleNameNeeded') : null),
    amountFrom: amount,
    amountTo: (text: string, values: MatchingValues, path: string) => {
      const rule = ruleAt(values, path);
      const from = minor(rule?.amountFrom ?? '', rule);
      const to = minor(text, rule);
      return amount(text, values, path) ?? (from !== null && to !== null && from > to ? t('matching.settings.ruleOrderWrong') : null);
    },
    currency: (code: string, values: MatchingValues, path: string) => {
      const rule = ruleAt(values, path);
      return code === '' && rule !== undefined && `${rule.amountFrom}${rule.amountTo}`.trim() !== '' ? t('matching.settings.ruleCurrencyNeeded') : null;
    },
    words: (words: readonly string[], values: MatchingValues, path: string) => {
      const rule = ruleAt(values, path);
      return words.length === 0 && rule !== undefined && `${rule.amountFrom}${rule.amountTo}${rule.currency}`.trim() === '' ? t('matching.settings.ruleEmpty') : null;
    },
    customer: (id: string, values: MatchingValues, path: string) => (ruleAt(values, path)?.outcome === 'customer' && id === '' ? t('matching.settings.ruleCustomerNeeded') : null),
  };
}

function Fields({ of }: { readonly of: MatchingSettings }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const owner = useSession().organisation.role === 'owner';
  const [fault, setFault] = useState<Fault | null>(null);
  const form = useForm<MatchingValues>({
    initialValues: valuesOf(of, useLanguage()),
    validate: {
      percent: (text) => (isTolerance(text) ? null : t('matching.settings.percentWrong')),
      discountRate: (text, values) => (!values.discounted || isRate(text) ? null : t('matching.settings.rateWrong')),
      lines: useRuleChecks(),
    },
  });
  const shown = useFieldFault(form, { tolerance: 'percent', rate: 'discountRate', days: 'discountDays', earlyPayment: 'discountRate', cap: 'capUnits' });
  // A sentence about the rules has no single field: it stays above the button until the next try.
  const failed = (refusal: Fault): boolean => {
    if (!refusal.code.endsWith('.lines') && shown(refusal)) return true;
    setFault(refusal);
    return true;
  };
  const save = useChange((values: MatchingValues) => change('PUT', '/api/matching/settings', settingsOf(values)), { done: () => {
    tell(t('matching.settings.saved'));
    void client.invalidateQueries({ queryKey: ['matchingSettings'] });
  }, failed });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => { setFault(null); save.mutate(values); }, () => tell(t('matching.settings.fix'), 'bad'))}>
      <fieldset disabled={!owner} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack gap="lg">
          <Text c="dimmed">{owner ? t('matching.settings.text') : t('settings.ownerOnly')}</Text>
          <ByItself form={form} />
          <Gaps form={form} />
          <Order form={form} />
          <Card title={t('matching.settings.rules')}><LineRules form={form} owner={owner} /></Card>
          {fault === null ? null : <FaultNote error={new ApiFault(422, fault)} />}
          {owner ? <Group justify="flex-end"><Button type="submit" size="md" loading={save.isPending}>{t('frame.save')}</Button></Group> : null}
        </Stack>
      </fieldset>
    </form>
  );
}

/** How money received is set against what is owed. */
export function MatchingForm(): ReactElement {
  const { data, error, refetch } = useMatchingSettings();
  if (data === undefined) return error === null ? <Loading rows={8} /> : <FaultNote error={error} retry={() => void refetch()} />;
  return <Fields of={data} />;
}
