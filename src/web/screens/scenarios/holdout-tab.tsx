import { Button, Group, Modal, Select, Slider, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldOutBody, HoldOutPage, HoldOutView } from '#core/api/hold-out.ts';
import { HOLD_OUT_SHARE_MAX } from '#core/dunning/hold-out.ts';
import { change } from '../../api/client.ts';
import { useHoldOut } from '../../api/scenarios.ts';
import { useSession } from '../../api/queries.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { HoldOutResult } from './holdout-result.tsx';

/** The control group of a scenario: started with its share, what it shows so far, ended. Stands by itself in any page. */
export function HoldOutTab({ code }: { readonly code: string }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = useHoldOut(code);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const running = data.tests.find(({ endedOn }) => endedOn === null);
  const past = data.tests.filter(({ endedOn }) => endedOn !== null);
  return (
    <Stack gap="lg">
      {running === undefined ? <Starter page={data} /> : <HoldOutResult of={running} actions={<Ender code={code} of={running} />} />}
      {past.length === 0 ? null : <Text component="h2" fw={650} fz="lg">{t('replay.holdOut.before')}</Text>}
      {past.map((one) => <HoldOutResult key={one.id} of={one} actions={null} />)}
    </Stack>
  );
}

const SHARE = { start: 20, least: 1, step: 1 } as const;
const MARKS = [10, 20, 30, 40, HOLD_OUT_SHARE_MAX].map((value) => ({ value, label: `${value} %` }));

/** What the group keeps as one choice: "v3" is a version of this scenario, "s…" another scenario. */
const bodyOf = (former: string, sharePercent: number): HoldOutBody =>
  (former.startsWith('v') ? { sharePercent, formerVersion: Number(former.slice(1)), formerScenario: null } : { sharePercent, formerVersion: null, formerScenario: former.slice(1) });

function Starter({ page }: { readonly page: HoldOutPage }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const owner = useSession().organisation.role === 'owner';
  const choices = [
    ...page.versions.map((version) => ({ value: `v${version}`, label: t('replay.holdOut.formerVersion', { version }) })),
    ...page.others.map(({ code, name }) => ({ value: `s${code}`, label: t('replay.holdOut.formerScenario', { name }) })),
  ];
  const [former, setFormer] = useState(choices[0]?.value ?? '');
  const [share, setShare] = useState<number>(SHARE.start);
  const start = useChange((body: HoldOutBody) => change('POST', `/api/scenarios/${page.code}/hold-out`, body), {
    done: () => {
      tell(t('replay.holdOut.started'));
      void client.invalidateQueries({ queryKey: ['holdOut', page.code] });
    },
  });
  if (choices.length === 0) return <Card title={t('replay.holdOut.startTitle')}><Text>{t('replay.holdOut.nothing')}</Text></Card>;
  return (
    <Card title={t('replay.holdOut.startTitle')}>
      <Stack gap="lg" maw={560}>
        <Select label={t('replay.holdOut.former')} data={choices} value={former} onChange={(value) => setFormer(value ?? former)} allowDeselect={false} disabled={!owner} />
        <div>
          <Group justify="space-between" mb={6}><Text size="sm" fw={500} id="hold-out-share">{t('replay.holdOut.share')}</Text><Text fw={650} className="number">{t('replay.holdOut.shareValue', { count: share })}</Text></Group>
          <Slider
            value={share} onChange={setShare} min={SHARE.least} max={HOLD_OUT_SHARE_MAX} step={SHARE.step} marks={MARKS} mb="lg" disabled={!owner} label={(value) => `${value} %`}
            thumbLabel={t('replay.holdOut.share')} styles={{ markLabel: { color: '#55606b' } }}
          />
        </div>
        <Text size="sm" c="dimmed">{t('replay.holdOut.startHint')}</Text>
        <Group><Button disabled={!owner} loading={start.isPending} onClick={() => start.mutate(bodyOf(former, share))}>{t('replay.holdOut.start')}</Button>{owner ? null : <Text size="sm">{t('replay.holdOut.onlyOwner')}</Text>}</Group>
      </Stack>
    </Card>
  );
}

/** Ends a test, once the person has read what becomes of it. */
function Ender({ code, of }: { readonly code: string; readonly of: HoldOutView }): ReactElement | null {
  const { t } = useTranslation();
  const client = useQueryClient();
  const owner = useSession().organisation.role === 'owner';
  const [opened, { open, close }] = useDisclosure();
  const end = useChange(() => change('DELETE', `/api/scenarios/${code}/hold-out`), {
    done: () => {
      close();
      tell(t('replay.holdOut.ended'));
      void client.invalidateQueries({ queryKey: ['holdOut', code] });
    },
  });
  if (!owner) return <Text size="sm">{t('replay.holdOut.onlyOwner')}</Text>;
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>{t('replay.holdOut.end')}</Button>
      <Modal opened={opened} onClose={close} title={<Text fw={650}>{t('replay.holdOut.endTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
        <Stack>
          <Text>{t('replay.holdOut.endText', { version: of.version })}</Text>
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('replay.holdOut.keep')}</Button><Button color="brick" loading={end.isPending} onClick={() => end.mutate(undefined)}>{t('replay.holdOut.end')}</Button></Group>
        </Stack>
      </Modal>
    </>
  );
}
