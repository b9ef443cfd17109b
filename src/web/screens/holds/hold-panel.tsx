import { Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerDetail } from '#core/api/customers.ts';
import type { HoldKind } from '#core/holds/hold-state.ts';
import { never } from '#core/kernel/result.ts';
import { useKeys } from '../../ui/keys.ts';
import { DisputeForm } from './dispute-form.tsx';
import { HOLD_FORM } from './form-frame.tsx';
import { InsolvencyForm } from './insolvency-form.tsx';
import { PauseForm } from './pause-form.tsx';
import { PlanForm } from './plan-form.tsx';
import { PromiseForm } from './promise-form.tsx';
import type { HoldFormProps } from './promise-form.tsx';

/** Kinds in the order of their digits, the most frequent first. */
export const PANEL_KINDS = ['promise', 'dispute', 'plan', 'pause', 'insolvency'] as const satisfies readonly HoldKind[];

/** What the panel opens with: a kind, and the document one came from. */
export type PanelStart = { readonly kind: HoldKind; readonly from: string | null };

/** Below this width the panel takes the whole screen. */
const PHONE = '(max-width: 36em)';

function FormOf({ kind, ...props }: HoldFormProps & { readonly kind: HoldKind }): ReactElement {
  switch (kind) {
    case 'promise': return <PromiseForm {...props} />;
    case 'dispute': return <DisputeForm {...props} />;
    case 'plan': return <PlanForm {...props} />;
    case 'pause': return <PauseForm {...props} />;
    case 'insolvency': return <InsolvencyForm {...props} />;
    default: return never(kind);
  }
}

function Chooser({ kind, choose }: { readonly kind: HoldKind; readonly choose: (kind: HoldKind) => void }): ReactElement {
  const { t } = useTranslation();
  useKeys(({ key }) => {
    const chosen = /^[1-9]$/.test(key) ? PANEL_KINDS[Number(key) - 1] : undefined;
    if (chosen === undefined) return false;
    choose(chosen);
    return true;
  }, false);
  return (
    <Radio.Group aria-label={t('holds.kindLabel')} value={kind} onChange={(value) => choose(PANEL_KINDS.find((one) => one === value) ?? 'promise')}>
      <Group gap="lg" pt={4} style={{ rowGap: 8 }}>
        {PANEL_KINDS.map((value, at) => (
          <Radio key={value} value={value} form={HOLD_FORM} styles={{ label: { paddingInlineStart: 8 } }} {...(value === kind ? { 'data-autofocus': true } : {})} label={<span><kbd className="key key-hint" aria-hidden="true">{at + 1}</kbd> {t(`holds.kinds.${value}`)}</span>} />
        ))}
      </Group>
    </Radio.Group>
  );
}

function Panel({ of, start, close }: { readonly of: CustomerDetail; readonly start: PanelStart; readonly close: () => void }): ReactElement {
  const [kind, choose] = useState(start.kind);
  return <Stack gap="md"><Chooser kind={kind} choose={choose} /><FormOf key={kind} kind={kind} of={of} from={start.from} close={close} /></Stack>;
}

/** Why not to chase now, entered in one gesture: the kind by a digit, everything else filled in already, Enter. */
export function HoldPanel({ of, start, close }: { readonly of: CustomerDetail; readonly start: PanelStart | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const phone = useMediaQuery(PHONE) ?? false;
  return (
    <Modal opened={start !== null} onClose={close} size="lg" fullScreen={phone} title={<Text fw={650}>{t('holds.panelTitle', { customer: of.name })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {start === null ? null : <Panel of={of} start={start} close={close} />}
    </Modal>
  );
}
