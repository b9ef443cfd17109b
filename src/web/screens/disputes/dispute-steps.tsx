import { Checkbox, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatDay, formatInstant } from '../../ui/format.ts';
import { useChange } from '../../ui/use-change.ts';

/** The action plan of a dispute as a list to tick off; unticking takes a tick back. */
export function DisputeSteps({ of, mayEdit }: { readonly of: HoldDetail; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const { today } = useSession().organisation;
  // What was just ticked shows at once, until the server's answer is there.
  const [going, setGoing] = useState<{ readonly code: string; readonly done: boolean } | null>(null);
  const tick = useChange(({ code, done }: { code: string; done: boolean }) => change('PUT', `/api/holds/${of.id}/steps/${code}`, { done }));
  const put = (given: { code: string; done: boolean }): void => {
    setGoing(given);
    tick.mutate(given, { onSettled: () => setGoing(null) });
  };
  const done = of.steps.filter(({ doneAt }) => doneAt !== null).length;
  return (
    <section aria-label={t('disputes.plan')}>
      <Title order={3} mb="xs">{t('disputes.plan')} <Text component="span" size="sm" c="dimmed">{t('disputes.planDone', { done, total: of.steps.length })}</Text></Title>
      <Stack component="ul" className="plain-list" gap="sm">
        {of.steps.map((step) => {
          const late = step.doneAt === null && of.endedOn === null && step.dueOn < today;
          const said = step.doneAt === null ? t(late ? 'disputes.stepLate' : 'disputes.stepBy', { day: formatDay(step.dueOn, language) }) : t('disputes.stepDone', { by: step.doneBy ?? '', at: formatInstant(step.doneAt, language) });
          return (
            <li key={step.code}>
              <Checkbox
                checked={going?.code === step.code ? going.done : step.doneAt !== null} disabled={!mayEdit || of.endedOn !== null} label={say(step.text)}
                description={<Text component="span" size="xs" c={late ? '#96190f' : 'dimmed'}>{said}</Text>} onChange={(event) => put({ code: step.code, done: event.currentTarget.checked })}
              />
            </li>
          );
        })}
      </Stack>
    </section>
  );
}
