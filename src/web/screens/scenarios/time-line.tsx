import { Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { CSSProperties, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '#core/api/faults.ts';
import type { StepDefinition } from '#core/api/scenarios.ts';
import { Icon } from '../../ui/icons.tsx';
import { clamped, DRAWN_TERM_DAYS } from './edits.ts';
import { dayAt, placeOnLine } from './placement.ts';
import type { Line, Place } from './placement.ts';
import { StepCard } from './step-card.tsx';
import type { CardActs } from './step-card.tsx';
import { useStepDay } from './step-words.ts';
import { useDrag } from './use-drag.ts';
import type { Drag } from './use-drag.ts';

/** Widths of the drawing, in pixels; the style sheet has the same. */
const CARD = 150;
const MARK = 84;
const GAP = 8;
/** So that the outermost frames are not cut. */
const EDGE = 4;

type Props = {
  readonly steps: readonly StepDefinition[]; readonly problems: readonly ProblemView[]; readonly mayEdit: boolean;
  /** What can be done to the steps; null: the line only shows. */
  readonly acts: { readonly of: (step: StepDefinition) => CardActs; readonly drop: (key: string, day: number) => void } | null;
};

function Mark({ place }: { readonly place: Place }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="line-mark" data-kind={place.kind}>
      <Icon name={place.kind === 'due' ? 'clock' : 'file'} size={18} />
      <Text size="sm" fw={700}>{t(place.kind === 'due' ? 'scenarios.due' : 'scenarios.invoice')}</Text>
      {place.kind === 'due' ? null : <Text size="xs" c="dimmed">{t('scenarios.drawnTerm', { days: DRAWN_TERM_DAYS })}</Text>}
    </div>
  );
}

/** The day a step is being dragged to, as an offset from its own anchor. */
function useDraggedTo(line: Line, steps: readonly StepDefinition[], drag: Drag | null): { readonly key: string; readonly day: number; readonly words: string } | null {
  const inWords = useStepDay();
  const place = line.places.find(({ key }) => key === drag?.key);
  const step = steps.find(({ key }) => key === drag?.key);
  if (drag === null || place === undefined || step === undefined) return null;
  const day = dayAt(line, place.x + drag.by);
  return { key: step.key, day, words: inWords({ ...step, offsetDays: clamped(step.offsetDays + day - place.day, step.anchor) }) };
}

/** The steps around the due date: from left to right where there is room, from top to bottom on a phone. */
export function TimeLine({ steps, problems, mayEdit, acts }: Props): ReactElement {
  const { t } = useTranslation();
  const { ref, width } = useElementSize();
  const line = placeOnLine(steps, { width: width - EDGE, card: CARD, mark: MARK, gap: GAP });
  const settle = useRef<(drag: Drag) => void>(() => undefined);
  const { drag, grab, wasDrag } = useDrag((dropped) => settle.current(dropped));
  const draggedTo = useDraggedTo(line, steps, drag);
  useEffect(() => {
    settle.current = ({ key, by }) => {
      const place = line.places.find((one) => one.key === key);
      if (place !== undefined) acts?.drop(key, dayAt(line, place.x + by));
    };
  });
  const due = line.places.find(({ kind }) => kind === 'due');
  const numbered = new Map(steps.map((step) => [step.key, step]));
  return (
    <div ref={ref} className="line-scroll">
      <div className="line-frame" style={{ '--line-width': `${line.width}px`, '--due-x': `${due?.x ?? 0}px` } as CSSProperties}>
        <span className="line-side" data-side="before" aria-hidden="true">{line.places[0]?.kind === 'due' ? '' : t('scenarios.before')}</span>
        <span className="line-side" data-side="after" aria-hidden="true">{line.places.at(-1)?.kind === 'due' ? '' : t('scenarios.after')}</span>
        <ol className="plain-list line" aria-label={t('scenarios.line')}>
          {line.places.map((place) => {
            const step = place.kind === 'step' ? numbered.get(place.key) : undefined;
            const moved = drag !== null && drag.key === place.key ? drag.by : 0;
            return (
              <li key={`${place.kind}:${place.key}`} className="line-place" data-kind={place.kind} style={{ '--x': `${place.x + moved}px` } as CSSProperties}>
                {step === undefined ? <Mark place={place} /> : (
                  <StepCard
                    step={step} problems={problems.filter(({ line: number }) => number === step.number)} mayEdit={mayEdit} dragged={draggedTo?.key === step.key ? draggedTo.words : null}
                    acts={acts === null ? null : { ...acts.of(step), open: () => { if (!wasDrag()) acts.of(step).open(); } }} {...(mayEdit ? { grab: grab(step.key) } : {})}
                  />
                )}
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}
