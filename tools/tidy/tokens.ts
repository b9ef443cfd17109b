/** A piece of TypeScript: what it is, its text, and the line (from 1) it begins on. */
export type Token = { readonly kind: TokenKind; readonly text: string; readonly line: number; readonly endLine: number };

/** Template pieces are the texts between substitutions; `${` and the closing brace of a substitution come as punctuation. */
export type TokenKind = 'word' | 'number' | 'string' | 'template' | 'regex' | 'punctuation' | 'comment' | 'jsx-text';

/** Words after which a slash begins a regular expression and `<` an element. */
const OPERATOR_WORDS: ReadonlySet<string> = new Set([
  'return', 'typeof', 'case', 'in', 'of', 'instanceof', 'new', 'delete', 'void', 'throw', 'do', 'else', 'yield', 'await', 'default', 'extends',
]);

/** Punctuation of several characters, longest first; `>` always stands alone, so that `>>` closing two lists of types reads as two. */
const LONG_PUNCTUATION: readonly string[] = ['...', '===', '!==', '**=', '&&=', '||=', '??=', '=>', '==', '!=', '<=', '&&', '||', '??', '?.', '++', '--', '**', '+=', '-=', '*=', '/='];

const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?/y;
const SPACE = /\s+/y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'?|"(?:[^"\\\n]|\\[\s\S])*"?/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/y;
const ELEMENT_START = /<(?:>|[A-Za-z][\w.]*(?=[\s/>]))/y;

/** Cuts a text into tokens; spaces are dropped, comments kept. Never throws: what it cannot read becomes one-character punctuation. */
export function tokenize(text: string, options: { jsx: boolean } = { jsx: false }): Token[] {
  return new Reader(text, options.jsx).read();
}

class Reader {
  readonly #text: string;
  readonly #jsx: boolean;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;

  constructor(text: string, jsx: boolean) {
    this.#text = text;
    this.#jsx = jsx;
  }

  read(): Token[] {
    this.#code(null);
    return this.#tokens;
  }

  /** Reads code up to the brace that closes a substitution (`closing`), or to the end. */
  #code(closing: '}' | null): void {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '{') depth += 1;
      if (char === '}' && closing !== null && depth === 0) return;
      if (char === '}') depth -= 1;
      this.#one(char);
    }
  }

  #one(char: string): void {
    if (this.#take(SPACE, null)) return;
    if (char === '/' && (this.#take(LINE_COMMENT, 'comment') || this.#take(BLOCK_COMMENT, 'comment'))) return;
    if (char === '`') return this.#template();
    if ((char === "'" || char === '"') && this.#take(STRING, 'string')) return;
    if (char === '/' && !this.#afterValue() && this.#take(REGEX, 'regex')) return;
    if (char === '<' && this.#jsx && !this.#afterValue() && this.#matches(ELEMENT_START)) return this.#element();
    if (this.#take(WORD, 'word') || this.#take(NUMBER, 'number')) return;
    const long = LONG_PUNCTUATION.find((each) => this.#text.startsWith(each, this.#at));
    this.#push('punctuation', long ?? char);
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  #take(pattern: RegExp, kind: TokenKind | null): boolean {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null || match[0] === '') return false;
    this.#push(kind, match[0]);
    return true;
  }

  #push(kind: TokenKind | null, text: string): void {
    const endLine = this.#line + (text.split('\n').length - 1);
    if (kind !== null) this.#tokens.push({ kind, text, line: this.#line, endLine });
    this.#at += text.length;
    this.#line = endLine;
  }

  #afterValue(): boolean {
    const last = this.#tokens.findLast((token) => token.kind !== 'comment');
    if (last === undefined) return false;
    if (last.kind === 'word') return !OPERATOR_WORDS.has(last.text);
    if (last.kind === 'punctuation') return [')', ']', '}', '++', '--'].includes(last.text);
    return last.kind !== 'jsx-text';
  }

  #template(): void {
    let from = this.#at;
    let at = this.#at + 1;
    for (;;) {
      const char = this.#text.charAt(at);
      if (char === '' || char === '`') return this.#push('template', this.#text.slice(from, at + 1));
      if (char === '\\') at += 2;
      else if (char === '$' && this.#text.charAt(at + 1) === '{') {
        this.#push('template', this.#text.slice(from, at));
        this.#push('punctuation', '${');
        this.#codeInBraces();
        from = this.#at;
        at = from;
      } else at += 1;
    }
  }

  /** Reads an element with its children; its code in braces is read as code. */
  #element(): void {
    if (this.#tag()) return;
    while (this.#at < this.#text.length && !this.#text.startsWith('</', this.#at)) {
      const char = this.#text.charAt(this.#at);
      if (char === '{') this.#braces();
      else if (char === '<') this.#element();
      else this.#push('jsx-text', /^[^<{]+/.exec(this.#text.slice(this.#at))?.[0] ?? char);
    }
    this.#tag();
  }

  /** Reads one tag, from `<` to `>`; true when it closes itself. */
  #tag(): boolean {
    let previous = '';
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '>') {
        this.#push('punctuation', char);
        return previous === '/';
      }
      if (char === '{') this.#braces();
      else if (char === '"' || char === "'") this.#push('string', this.#quoted(char));
      else if (!this.#take(SPACE, null) && !this.#take(WORD, 'word')) this.#push('punctuation', char);
      if (char.trim() !== '') previous = char;
    }
    return true;
  }

  #codeInBraces(): void {
    this.#code('}');
    if (this.#at < this.#text.length) this.#push('punctuation', '}');
  }

  #quoted(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at + 1);
    return this.#text.slice(this.#at, end === -1 ? this.#text.length : end + 1);
  }

  #braces(): void {
    this.#push('punctuation', '{');
    this.#codeInBraces();
  }
}
