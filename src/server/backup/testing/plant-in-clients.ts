import pg from 'pg';

/** Plants a bug in what every connection of this process asks: `to` in place of `from`. Throws when it is taken out and nothing had it. */
export function plantInClients({ from, to }: { readonly from: string; readonly to: string }): { remove(): void } {
  const sound = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query');
  const query = sound?.value as (this: pg.Client, ...given: unknown[]) => unknown;
  let seen = false;
  Object.defineProperty(pg.Client.prototype, 'query', {
    configurable: true, writable: true,
    value(this: pg.Client, asked: unknown, ...rest: unknown[]): unknown {
      if (typeof asked === 'string' && asked.includes(from)) {
        seen = true;
        return query.call(this, asked.replaceAll(from, to), ...rest);
      }
      // A COPY is an object that carries its statement.
      if (asked !== null && typeof asked === 'object' && 'text' in asked && typeof asked.text === 'string' && asked.text.includes(from)) {
        seen = true;
        asked.text = asked.text.replaceAll(from, to);
      }
      return query.call(this, asked, ...rest);
    },
  });
  return {
    remove: () => {
      Object.defineProperty(pg.Client.prototype, 'query', sound ?? {});
      if (!seen) throw new Error(`nothing asks ${from}: nothing was planted`);
    },
  };
}
