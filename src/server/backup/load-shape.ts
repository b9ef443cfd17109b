import type { ClientBase } from 'pg';

/** What is taken off the tables while rows are loaded, each as the statement that puts it back. */
export type TakenOff = readonly string[];

/** How statements of one kind are made by the server from its catalog: what takes something off, what puts it back. */
const TAKEN: readonly string[] = [
  // Foreign keys go first: indexes they rest on cannot go before them. Put back, each checks all rows at once, so that no order of loading matters,
  // whatever refers to itself or in a circle.
  `select format('alter table public.%I drop constraint %I', c.relname, k.conname) as off,
     format('alter table public.%I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as back
   from pg_constraint k join pg_class c on c.oid = k.conrelid
   where k.contype = 'f' and k.connamespace = 'public'::regnamespace order by c.relname, k.conname`,
  // Built once over all rows, an index costs a fraction of what it costs row by row. Those of keys stay: they are what doubles are found by.
  `select format('drop index public.%I', i.relname) as off, pg_get_indexdef(i.oid) as back
   from pg_index x join pg_class i on i.oid = x.indexrelid
   where i.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint k where k.conindid = i.oid) order by i.relname`,
  // What triggers did when the rows were new is in the rows.
  `select format('alter table public.%I disable trigger %I', c.relname, t.tgname) as off, format('alter table public.%I enable trigger %I', c.relname, t.tgname) as back
   from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgenabled = 'O' order by c.relname, t.tgname`,
  // COPY cannot write below a row policy; the owner alone is let through, in this transaction, whose tables nobody else can see.
  `select format('alter table public.%I no force row level security', c.relname) as off, format('alter table public.%I force row level security', c.relname) as back
   from pg_class c where c.relnamespace = 'public'::regnamespace and c.relforcerowsecurity order by c.relname`,
];

/** Takes foreign keys, further indexes, triggers and the owner's row policies off every table, with the rights of an owner and no more. */
export async function takeOff(client: ClientBase): Promise<TakenOff> {
  const back: string[] = [];
  for (const query of TAKEN) {
    const { rows } = await client.query<{ off: string; back: string }>(query);
    for (const one of rows) await client.query(one.off);
    back.unshift(...rows.map((one) => one.back));
  }
  return back;
}
