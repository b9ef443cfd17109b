import { ActionIcon, Button, Group, Select, SimpleGrid, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef } from '#core/api/matching.ts';
import { CURRENCY_DIGITS } from '#core/kernel/currency.ts';
import { useCustomer } from '../../api/queries.ts';
import { CustomerSelect } from '../../ui/customer-select.tsx';
import { Icon } from '../../ui/icons.tsx';
import { newRule } from './matching-values.ts';
import type { MatchingValues, RuleValues } from './matching-values.ts';

const OUTCOMES = ['match', 'propose', 'ignore', 'customer'] as const satisfies readonly RuleValues['outcome'][];

/** Rules one organisation keeps, words of one rule, and their lengths: what the server takes. */
const RULES_MAX = 100;
const WORDS_MAX = 20;
const WORD_MAX = 60;
const NAME_MAX = 80;
const AMOUNT_MAX = 24;

type Form = UseFormReturnType<MatchingValues>;

type ChooseProps = { readonly id: string; readonly error: string | undefined; readonly disabled: boolean; readonly choose: (customer: CustomerRef) => void };

/** The customer of a rule: stored by its id, shown by its name. */
function KnownCustomer({ id, error, disabled, choose }: ChooseProps): ReactElement {
  const { t } = useTranslation();
  const { data } = useCustomer(id);
  const chosen = data === undefined ? null : { id: data.id, code: data.code, name: data.name };
  return <CustomerSelect key={chosen?.id ?? ''} label={t('matching.settings.ruleCustomer')} chosen={chosen} choose={choose} disabled={disabled} {...(error === undefined ? {} : { error })} />;
}

function RuleCustomer(props: ChooseProps): ReactElement {
  const { t } = useTranslation();
  if (props.id !== '') return <KnownCustomer {...props} />;
  return <CustomerSelect label={t('matching.settings.ruleCustomer')} chosen={null} choose={props.choose} disabled={props.disabled} {...(props.error === undefined ? {} : { error: props.error })} />;
}

type RuleProps = { readonly form: Form; readonly at: number; readonly rule: RuleValues; readonly owner: boolean; readonly move: (by: 1 | -1) => void };

function Rule({ form, at, rule, owner, move }: RuleProps): ReactElement {
  const { t } = useTranslation();
  const name = rule.name.trim() === '' ? t('matching.settings.ruleNumber', { number: at + 1 }) : rule.name;
  const field = (of: keyof RuleValues) => form.getInputProps(`lines.${at}.${of}`);
  const wrongCustomer: unknown = form.errors[`lines.${at}.customer`];
  return (
    <li>
      <section className="card" aria-label={name}>
        <Group justify="space-between" gap="xs" mb="sm">
          <Title order={3} style={{ overflowWrap: 'anywhere' }}>{t('matching.settings.ruleNumber', { number: at + 1 })}</Title>
          {owner ? (
            <Group gap={4}>
              <ActionIcon variant="default" disabled={at === 0} onClick={() => move(-1)} aria-label={t('matching.settings.up', { name })}>↑</ActionIcon>
              <ActionIcon variant="default" disabled={at === form.values.lines.length - 1} onClick={() => move(1)} aria-label={t('matching.settings.down', { name })}>↓</ActionIcon>
              <ActionIcon variant="subtle" color="brick" onClick={() => form.removeListItem('lines', at)} aria-label={t('matching.settings.removeRule', { name })}><Icon name="close" size={16} /></ActionIcon>
            </Group>
          ) : null}
        </Group>
        <Stack gap="sm">
          <TextInput label={t('matching.settings.ruleName')} required maxLength={NAME_MAX} {...field('name')} />
          <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'start' }}>
            <TagsInput label={t('matching.settings.ruleWords')} description={t('matching.settings.ruleWordsHint')} acceptValueOnBlur maxTags={WORDS_MAX} maxLength={WORD_MAX} clearable={false} {...field('words')} />
            <TagsInput label={t('matching.settings.ruleWithout')} description={t('matching.settings.ruleWordsHint')} acceptValueOnBlur maxTags={WORDS_MAX} maxLength={WORD_MAX} clearable={false} {...field('without')} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 3 }} style={{ alignItems: 'start' }}>
            <TextInput label={t('matching.settings.ruleFrom')} inputMode="decimal" maxLength={AMOUNT_MAX} {...field('amountFrom')} />
            <TextInput label={t('matching.settings.ruleTo')} inputMode="decimal" maxLength={AMOUNT_MAX} {...field('amountTo')} />
            <Select label={t('matching.settings.ruleCurrency')} searchable allowDeselect={false} data={[{ value: '', label: t('matching.settings.ruleAnyCurrency') }, ...Object.keys(CURRENCY_DIGITS).map((code) => ({ value: code, label: code }))]} {...field('currency')} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'start' }}>
            <Select label={t('matching.settings.ruleOutcome')} allowDeselect={false} data={OUTCOMES.map((value) => ({ value, label: t(`matching.settings.ruleOutcomes.${value}`) }))} {...field('outcome')} />
            {rule.outcome === 'customer' ? <RuleCustomer id={rule.customer} error={typeof wrongCustomer === 'string' ? wrongCustomer : undefined} disabled={!owner} choose={(customer) => form.setFieldValue(`lines.${at}.customer`, customer.id)} /> : null}
          </SimpleGrid>
        </Stack>
      </section>
    </li>
  );
}

/** Rules on bank lines in their order: added, changed, moved, removed. */
export function LineRules({ form, owner }: { readonly form: Form; readonly owner: boolean }): ReactElement {
  const { t } = useTranslation();
  const [said, setSaid] = useState('');
  const { lines } = form.values;
  const move = (at: number, by: 1 | -1): void => {
    form.reorderListItem('lines', { from: at, to: at + by });
    setSaid(t('matching.settings.moved', { name: lines[at]?.name ?? '', number: at + by + 1 }));
  };
  const add = (): void => form.insertListItem('lines', newRule(Math.max(-1, ...lines.map((rule) => rule.id)) + 1));
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">{lines.length === 0 ? t('matching.settings.rulesNone') : t('matching.settings.rulesText')}</Text>
      <Stack component="ol" className="plain-list" gap="sm">{lines.map((rule, at) => <Rule key={rule.id} form={form} at={at} rule={rule} owner={owner} move={(by) => move(at, by)} />)}</Stack>
      <output className="visually-hidden">{said}</output>
      {owner ? <Group><Button variant="light" disabled={lines.length >= RULES_MAX} onClick={add} leftSection={<Icon name="plus" size={16} />}>{t('matching.settings.addRule')}</Button></Group> : null}
    </Stack>
  );
}
