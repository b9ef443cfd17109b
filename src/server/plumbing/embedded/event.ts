/** One line of the launcher's own log: a sentence and the facts beside it. */
export type EmbeddedEvent = {
  readonly level: 'info' | 'warn' | 'error';
  readonly msg: string;
  readonly [field: string]: string | number | boolean;
};

/** Receives the launcher's log lines. */
export type EmbeddedLog = (event: EmbeddedEvent) => void;
