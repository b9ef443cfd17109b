import { Radio, Stack } from '@mantine/core';
import type { ReactElement } from 'react';

type Reason = { readonly value: string; readonly label: string };

/** The reason whose digit was pressed, or undefined. */
export const reasonOfKey = <Value extends string>(key: string, reasons: readonly Value[]): Value | undefined => (/^[1-9]$/.test(key) ? reasons[Number(key) - 1] : undefined);

/** Reasons to choose from, each with its digit. The first one has the focus, so that digits are heard. */
export function ReasonChoice({ label, reasons, value, choose }: { readonly label: string; readonly reasons: readonly Reason[]; readonly value: string; readonly choose: (value: string) => void }): ReactElement {
  return (
    <Radio.Group label={label} value={value} onChange={choose}>
      <Stack gap={8} mt={6}>
        {reasons.map((reason, at) => (
          <Radio key={reason.value} value={reason.value} {...(reason.value === value ? { 'data-autofocus': true } : {})} label={<span><kbd className="key" aria-hidden="true">{at + 1}</kbd> {reason.label}</span>} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
