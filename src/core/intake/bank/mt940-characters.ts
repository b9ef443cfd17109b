/** True of the code of a digit. The lines of a message are read by their characters where a pattern for each would take most of the time. */
export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** True of the code of a letter A to Z. */
export const isCapital = (code: number): boolean => code >= 0x41 && code <= 0x5a;
