import { useMutation } from '@tanstack/react-query';
import type { Fault } from '#core/api/faults.ts';
import { ApiFault } from '../api/client.ts';
import { refreshWork } from '../api/queries.ts';
import { useSay } from '../language/language.ts';
import { tell } from './tell.ts';

/** What follows a change; `failed` says whether it has shown the fault itself. */
export type Following<Answer, Input> = { readonly done?: (answer: Answer, input: Input) => void; readonly failed?: (fault: Fault) => boolean };

/** A change of the work: done, then everything it may have touched is asked again; a refusal is told in the server's words. */
export function useChange<Input, Answer>(work: (input: Input) => Promise<Answer>, following: Following<Answer, Input> = {}) {
  const say = useSay();
  return useMutation({
    mutationFn: work,
    onSuccess: async (answer: Answer, input: Input) => {
      following.done?.(answer, input);
      await refreshWork();
    },
    onError: (error) => {
      if (!(error instanceof ApiFault)) throw error;
      if (following.failed?.(error.fault) !== true) tell(say(error.fault.message), 'bad');
    },
  });
}

/** The part of a form that shows faults. */
type FaultyForm = {
  readonly setFieldError: (field: string, error: string) => void;
  readonly getInputNode: (field: string) => HTMLElement | null;
  readonly values: object;
};

/** Shows a fault at the field its code ends with ("company.iban") and goes there; false when the form has no such field. */
export function useFieldFault(form: FaultyForm, fields: Readonly<Record<string, string>> = {}): (fault: Fault) => boolean {
  const say = useSay();
  return (fault) => {
    const named = fault.code.split('.')[1] ?? '';
    const field = fields[named] ?? named;
    if (!Object.hasOwn(form.values, field)) return false;
    form.setFieldError(field, say(fault.message));
    form.getInputNode(field)?.focus();
    return true;
  };
}
