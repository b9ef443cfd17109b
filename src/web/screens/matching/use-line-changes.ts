import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef, DismissReason, OpenLineView, Placed, Placing } from '#core/api/matching.ts';
import type { Fault } from '#core/api/faults.ts';
import { ApiFault, change } from '../../api/client.ts';
import { refillSoon, replaceLine } from '../../api/matching.ts';
import { refreshWork } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';
import { tellUndo, withdrawOffer } from '../../ui/tell-undo.tsx';
import { tell } from '../../ui/tell.ts';
import { confirmOff, putBack, takeOff } from './taken-off.ts';

/** A line placed or dismissed here. `done` gives the match (or the line's key when it was dismissed), null when the server refused. */
type Gesture = { readonly line: OpenLineView; readonly kind: 'placed' | 'dismissed'; readonly done: Promise<string | null> };

/** The notice that offers to take a gesture back. */
const offerOf = ({ kind, line }: Gesture): string => `${kind}-${line.key}`;

/** Refusals of an undoing that asking again cannot change. */
const FINAL = 409;

/** A refusal is returned, anything else is a bug. */
function refusalOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error;
  throw error;
}

/** Names a line in a sentence. */
export function useLineWords() {
  const { t } = useTranslation();
  const language = useLanguage();
  return (line: Pick<OpenLineView, 'payer' | 'amount' | 'currency'> & { readonly customer?: CustomerRef | null }) =>
    ({ payer: line.payer ?? line.customer?.name ?? t('matching.noPayer'), amount: formatMoney(line.amount, line.currency, language) });
}

/** Takes gestures back, the last one first; `back` is told which line is to be placed again. */
function useGestures(back: (key: string) => void) {
  const { t } = useTranslation();
  const say = useSay();
  const words = useLineWords();
  const stack = useRef<Gesture[]>([]);
  const [count, setCount] = useState(0);
  const keep = (gestures: Gesture[]): void => {
    stack.current = gestures;
    setCount(gestures.length);
  };
  const drop = (gesture: Gesture): void => keep(stack.current.filter((one) => one !== gesture));
  const takeBack = async (gesture: Gesture): Promise<void> => {
    if (!stack.current.includes(gesture)) return;
    drop(gesture);
    withdrawOffer(offerOf(gesture));
    const done = await gesture.done;
    if (done === null) return;
    try {
      if (gesture.kind === 'placed') await change('POST', '/api/matching/undo', { match: done, reason: t('matching.undoReason') });
      else await change('POST', '/api/matching/restore', { line: gesture.line.key });
      putBack(gesture.line.key);
      tell(t('matching.undone', words(gesture.line)));
      await refreshWork();
      back(gesture.line.key);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.status !== FINAL) keep([...stack.current, gesture]);
      tell(say(refusal.fault.message), 'bad');
    }
  };
  const last = (): void => {
    const gesture = stack.current.at(-1);
    if (gesture === undefined) tell(t('matching.nothingToUndo'), 'bad');
    else void takeBack(gesture);
  };
  return { add: (gesture: Gesture): void => keep([...stack.current, gesture]), drop, takeBack, last, any: count > 0 };
}

/** Refusals of the server, by line. */
function useFaults() {
  const [faults, setFaults] = useState<ReadonlyMap<string, Fault>>(new Map());
  const setFault = (key: string, fault: Fault | null): void => setFaults((before) => {
    const after = new Map(before);
    after.delete(key);
    return fault === null ? after : after.set(key, fault);
  });
  return { faults, setFault };
}

/** What can be done to lines. The list is ahead of the server: a line leaves at once, and comes back with the reason when it is refused. */
export function useLineChanges(back: (key: string) => void) {
  const { t } = useTranslation();
  const say = useSay();
  const words = useLineWords();
  const gestures = useGestures(back);
  const { faults, setFault } = useFaults();
  const offer = (gesture: Gesture): void => tellUndo(offerOf(gesture), t(`matching.${gesture.kind}`, words(gesture.line)), { label: t('matching.undo'), act: () => void gestures.takeBack(gesture) });
  const carryOut = (line: OpenLineView, kind: Gesture['kind'], work: () => Promise<string>): void => {
    takeOff(line.key);
    setFault(line.key, null);
    const done = work().then((made) => {
      confirmOff(line.key);
      offer(gesture);
      return made;
    }, (error: unknown) => {
      putBack(line.key);
      gestures.drop(gesture);
      const { fault } = refusalOf(error);
      setFault(line.key, fault);
      tell(t('matching.failedFor', { ...words(line), why: say(fault.message) }), 'bad');
      return null;
    }).finally(refillSoon);
    const gesture: Gesture = { line, kind, done };
    gestures.add(gesture);
  };
  return {
    faults, undoLast: gestures.last, canUndo: gestures.any,
    /** Places at once; a refusal comes back as a note on the line. */
    place: (line: OpenLineView, placing: Placing): void => carryOut(line, 'placed', async () => (await change<Placed>('POST', '/api/matching/place', placing)).match),
    dismiss: (line: OpenLineView, reason: DismissReason, note: string | null): void => carryOut(line, 'dismissed', async () => {
      await change('POST', '/api/matching/dismiss', { line: line.key, reason, note });
      return line.key;
    }),
    /** Places and waits for the answer, for a form that shows the refusal itself. */
    placeFromForm: async (line: OpenLineView, placing: Placing): Promise<ApiFault | null> => {
      try {
        const { match } = await change<Placed>('POST', '/api/matching/place', placing);
        takeOff(line.key);
        confirmOff(line.key);
        setFault(line.key, null);
        const gesture: Gesture = { line, kind: 'placed', done: Promise.resolve(match) };
        gestures.add(gesture);
        offer(gesture);
        return null;
      } catch (error) {
        return refusalOf(error);
      } finally {
        refillSoon();
      }
    },
  };
}

/** Says that a line is not a customer's; the line comes back with other proposals. */
export function useRefusal() {
  const { t } = useTranslation();
  const say = useSay();
  return async (line: OpenLineView, customer: CustomerRef): Promise<void> => {
    try {
      await replaceLine(await change<OpenLineView>('POST', '/api/matching/refuse', { line: line.key, customer: customer.id }));
      tell(t('matching.refused', { customer: customer.name }));
    } catch (error) {
      tell(say(refusalOf(error).fault.message), 'bad');
    } finally {
      refillSoon();
    }
  };
}
