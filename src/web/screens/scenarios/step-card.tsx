import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '#core/api/faults.ts';
import type { StepDefinition } from '#core/api/scenarios.ts';
import { conditionsInWords } from '#core/dunning/scenario-words.ts';
import type { StepConditions } from '#core/dunning/scenario.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import type { Money } from '#core/kernel/money.ts';
import type { AmountView } from '#core/api/faults.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useWords } from '../../ui/words.ts';
import { channelIcon, useStepDay } from './step-words.ts';
import { useTemplateChoices } from './templates.ts';

/** Days a key moves a step: alone, and with Shift. */
const DAY = 1;
const WEEK = 7;

function moneyOf(amount: AmountView | null): Money | null {
  const currency = amount === null ? null : parseCurrency(amount.currency);
  return amount === null || currency === null ? null : parseDecimal(amount.amount, currency);
}

/** Conditions as the engine's words need them. */
const conditionsOf = (step: StepDefinition): StepConditions | undefined =>
  step.conditions === undefined ? undefined : { ...step.conditions, overdueTotals: (step.conditions.overdueTotals ?? []).map(({ from, below }) => ({ from: moneyOf(from), below: moneyOf(below) })) };

/** What can be done to a step from its card. */
export type CardActs = {
  readonly open: () => void; readonly move: (byDays: number) => void; readonly duplicate: () => void; readonly remove: () => void;
};

type Props = {
  readonly step: StepDefinition; readonly problems: readonly ProblemView[]; readonly mayEdit: boolean;
  /** Null: the card only shows. */
  readonly acts: CardActs | null;
  /** The day it is being dragged to, in words; null while it rests. */
  readonly dragged: string | null;
  readonly grab?: (event: PointerEvent<HTMLElement>) => void;
};

function press(event: KeyboardEvent, acts: CardActs): void {
  const by = event.shiftKey ? WEEK : DAY;
  switch (event.key) {
    case 'ArrowRight': case 'ArrowDown': acts.move(by); break;
    case 'ArrowLeft': case 'ArrowUp': acts.move(-by); break;
    case 'Delete': case 'Backspace': acts.remove(); break;
    default: return;
  }
  event.preventDefault();
}

function StepMenu({ step, acts }: { readonly step: StepDefinition; readonly acts: CardActs }): ReactElement {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><ActionIcon variant="subtle" size="sm" className="step-menu" aria-label={t('scenarios.menuOfStep', { step: step.number })}>⋯</ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={acts.open}>{t('scenarios.edit')}</Menu.Item>
        <Menu.Item onClick={() => acts.move(-DAY)}>{t('scenarios.earlier')}</Menu.Item>
        <Menu.Item onClick={() => acts.move(DAY)}>{t('scenarios.later')}</Menu.Item>
        <Menu.Item onClick={acts.duplicate}>{t('scenarios.duplicate')}</Menu.Item>
        <Menu.Item color="brick" onClick={acts.remove}>{t('scenarios.remove')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** One step as a card: when, how, which words, who approves, and what is wrong with it. */
export function StepCard({ step, problems, acts, mayEdit, dragged, grab }: Props): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const words = useWords();
  const day = useStepDay()(step);
  const { nameOf } = useTemplateChoices();
  const channel = words.channel(step.channel);
  const tone = t(`settings.tones.${step.tone}`).toLocaleLowerCase(language);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const doubts = problems.length - errors;
  const conditions = conditionsInWords(conditionsOf(step)).map(say);
  const face = (
    <>
      <Group component="span" gap={6} wrap="nowrap" className="step-day"><Icon name={channelIcon(step.channel)} size={17} /><Text component="span" fw={700}>{dragged ?? day}</Text></Group>
      <Text component="span" display="block" size="sm" fw={600} mt={2}>{channel}</Text>
      {step.fallbackChannel === undefined ? null : <Text component="span" display="block" size="xs" c="dimmed">{t('scenarios.elseBy', { channel: words.channel(step.fallbackChannel).toLocaleLowerCase(language) })}</Text>}
      <Text component="span" display="block" size="sm" mt={4}>{nameOf(step.template)}</Text>
      <Text component="span" display="block" size="xs" c="dimmed">{t('settings.tone')} {tone}</Text>
      <Group component="span" gap={4} mt={6}>
        {step.formalNotice ? <Chip tone="red">{t('actions.formalNotice')}</Chip> : null}
        {step.approval === 'none' ? null : <Chip tone="blue">{t(step.approval === 'one' ? 'scenarios.approvalOne' : 'scenarios.approvalTwo')}</Chip>}
        {conditions.length === 0 ? null : <Chip tone="violet" title={conditions.join(' ; ')}>{t('scenarios.conditional')}</Chip>}
        {errors === 0 ? null : <Chip tone="red">{t('scenarios.faults', { count: errors })}</Chip>}
        {doubts === 0 ? null : <Chip tone="amber">{t('scenarios.doubts', { count: doubts })}</Chip>}
      </Group>
    </>
  );
  return (
    <div className="step-card" data-tone={step.tone} data-wrong={errors > 0} data-dragged={dragged !== null}>
      {acts === null ? <div className="step-face" data-still="true">{face}</div> : (
        <button
          type="button" className="step-face" data-step={step.key} aria-describedby="line-hint" onClick={acts.open} onKeyDown={mayEdit ? (event) => press(event, acts) : undefined} onPointerDown={grab}
          aria-label={[t('scenarios.cardLabel', { step: step.number, day, channel, template: nameOf(step.template), tone }), ...conditions, ...(errors > 0 ? [t('scenarios.faults', { count: errors })] : [])].join(', ')}
        >{face}</button>
      )}
      {mayEdit && acts !== null ? <StepMenu step={step} acts={acts} /> : null}
    </div>
  );
}
