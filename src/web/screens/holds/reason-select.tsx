import { Select } from '@mantine/core';
import type { SelectProps } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { DISPUTE_FAMILIES, DISPUTE_REASONS, disputeFamily, disputeReasonName } from '#core/holds/dispute-reasons.ts';
import { useSay } from '../../language/language.ts';

/** Reasons of disputes, the plain ones first, then the codes of e-invoice statuses under what they are about. */
export function ReasonSelect(props: Omit<SelectProps, 'data'>): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const named = (code: string): { value: string; label: string } => ({ value: code, label: say(disputeReasonName(code)) });
  const codes = DISPUTE_REASONS.filter((code) => !DISPUTE_FAMILIES.some((family) => family === code));
  const data = [
    { group: t('holds.dispute.plainReasons'), items: DISPUTE_FAMILIES.map(named) },
    ...DISPUTE_FAMILIES.map((family) => ({ group: `${say(disputeReasonName(family))} (${t('holds.dispute.eInvoice')})`, items: codes.filter((code) => disputeFamily(code) === family).map(named) })).filter(({ items }) => items.length > 0),
  ];
  return <Select searchable maxDropdownHeight={320} nothingFoundMessage={t('holds.dispute.noReason')} data={data} {...props} />;
}
