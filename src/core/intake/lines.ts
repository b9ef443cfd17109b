import { MAX_LINE_CHARS } from './limits.ts';

/** Receives each line as a stretch of a text, without its end; returns false to stop the splitting. */
export type LineHandler = (text: string, from: number, to: number) => boolean;

/** Cuts pushed text into lines ended by CR, LF or CRLF, in any mixture and cut anywhere. */
export type LineSplitter = {
  /** False when the handler stopped or a line is too long. */
  push(text: string): boolean;
  /** Gives the last line when the text does not end with a line end. */
  end(): boolean;
  /** Number of the line given last, from 1. */
  line(): number;
  /** True when a line grew beyond `MAX_LINE_CHARS`. */
  tooLong(): boolean;
};

/** Starts a splitter that calls `handle` for every line, blank ones included. */
export function createLineSplitter(handle: LineHandler): LineSplitter {
  let rest = '';
  let lineNumber = 0;
  let skipLineFeed = false;
  let overlong = false;
  const give = (text: string, from: number, to: number): boolean => {
    lineNumber += 1;
    if (to - from > MAX_LINE_CHARS) {
      overlong = true;
      return false;
    }
    return handle(text, from, to);
  };
  const push = (chunk: string): boolean => {
    if (overlong) return false;
    if (chunk === '') return true;
    const text = rest === '' ? chunk : rest + chunk;
    let at = 0;
    if (skipLineFeed && text.charCodeAt(0) === 0x0a) at = 1;
    skipLineFeed = false;
    let lineFeed = text.indexOf('\n', at);
    let carriage = text.indexOf('\r', at);
    while (lineFeed >= 0 || carriage >= 0) {
      const atCarriage = carriage >= 0 && (lineFeed < 0 || carriage < lineFeed);
      const end = atCarriage ? carriage : lineFeed;
      if (!give(text, at, end)) return false;
      at = end + 1;
      if (atCarriage) {
        if (at === text.length) skipLineFeed = true;
        else if (lineFeed === at) at += 1;
        carriage = text.indexOf('\r', at);
      }
      if (lineFeed >= 0 && lineFeed < at) lineFeed = text.indexOf('\n', at);
    }
    rest = text.slice(at);
    if (rest.length <= MAX_LINE_CHARS) return true;
    lineNumber += 1;
    overlong = true;
    return false;
  };
  return {
    push,
    end: () => overlong || rest === '' || give(rest, 0, rest.length),
    line: () => lineNumber,
    tooLong: () => overlong,
  };
}
