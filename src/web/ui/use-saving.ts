import { useMutation } from '@tanstack/react-query';
import { ApiFault, fetchFile } from '../api/client.ts';
import { useSay } from '../language/language.ts';
import { tell } from './tell.ts';

/** The browser has started to save long before this; then the bytes are let go. */
const KEPT_MS = 60_000;

/** Saves a file of the server on this machine; why it could not be made is told in the server's words, not saved as a file. */
export function useSaving() {
  const say = useSay();
  return useMutation({
    mutationFn: fetchFile,
    onSuccess: ({ blob, name }) => {
      const address = URL.createObjectURL(blob);
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
    },
    onError: (error) => {
      if (!(error instanceof ApiFault)) throw error;
      tell(say(error.fault.message), 'bad');
    },
  });
}
