-- Organisations, identity, event chain, ledger, intake, dunning, send ledger.
-- Written for PostgreSQL 15 and later. Every table of a tenant leads its keys with organisation_id and carries the
-- same row policy; the login role owns nothing (see docs/decisions/0004-tenancy.md).

create function current_organisation() returns bigint
  language sql stable parallel safe
  as $$ select nullif(current_setting('acquit.organisation_id', true), '')::bigint $$;

create function refuse_change() returns trigger
  language plpgsql
  as $$ begin raise exception 'rows of % are only ever added', tg_table_name using errcode = 'integrity_constraint_violation'; end $$;

-- A bulk load is followed by statements that join what it wrote; without fresh statistics the planner takes it for a few
-- rows and loops. Only an owner may analyze, hence the definer; one at a time, because analyze holds its lock until commit.
create function refresh_statistics() returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  begin
    if pg_try_advisory_xact_lock(4180007) then
      analyze item;
      analyze allocation;
      analyze customer;
    end if;
  end $$;

-- ── Directory: the only tables without an organisation in front ────────────────────────────────────────────────────

-- Which installation this database is: part of every Message-ID, so that two installations never share one.
create table installation (
  only_row boolean primary key default true check (only_row),
  installation_id uuid not null default gen_random_uuid()
);
insert into installation default values;

create table organisation (
  organisation_id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  created_at timestamptz not null
);

create table app_user (
  user_id bigint generated always as identity primary key,
  email text not null unique check (email = lower(email) and length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  password_hash text,
  language text not null default 'fr' check (language in ('fr', 'en')),
  created_at timestamptz not null
);

create table membership (
  organisation_id bigint not null references organisation,
  user_id bigint not null references app_user,
  role text not null check (role in ('owner', 'collector', 'reader')),
  primary key (organisation_id, user_id)
);
create index membership_of_user on membership (user_id);

create table session (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id bigint not null references app_user,
  organisation_id bigint not null references organisation,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_of_user on session (user_id);

create table sign_in_link (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id bigint not null references app_user,
  organisation_id bigint not null references organisation,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- ── Evidence ───────────────────────────────────────────────────────────────────────────────────────────────────────

create table event_head (
  organisation_id bigint primary key references organisation,
  seq bigint not null check (seq >= 0),
  hash bytea not null check (length(hash) = 32)
);

create table event (
  organisation_id bigint not null references organisation,
  seq bigint not null check (seq > 0),
  at timestamptz not null,
  actor text not null,
  kind text not null,
  subject text not null,
  body text not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (organisation_id, seq)
);
create index event_by_subject on event (organisation_id, subject, seq);
create trigger event_is_final before update or delete on event for each row execute function refuse_change();
create trigger event_is_kept before truncate on event execute function refuse_change();

-- ── Who we are, who owes ───────────────────────────────────────────────────────────────────────────────────────────

create table profile (
  organisation_id bigint primary key references organisation,
  name text not null check (length(name) between 1 and 200),
  time_zone text not null default 'Europe/Paris',
  country text not null default 'FR' check (country ~ '^[A-Z]{2}$'),
  language text not null default 'fr' check (language in ('fr', 'en')),
  currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
  sample boolean not null default false,
  dunning jsonb not null default '{}'
);

create table entity (
  organisation_id bigint not null references organisation,
  entity_id bigint generated always as identity,
  code text not null,
  name text not null check (length(name) between 1 and 200),
  legal_form text, capital text, siren text check (siren ~ '^[0-9]{9}$'), rcs_city text, vat_number text,
  address text[] not null default '{}',
  postal_code text, city text, country text not null default 'FR',
  phone text, email text, iban text, bic text, signatory text,
  default_terms text not null default '30d',
  penalty_rate text,
  primary key (organisation_id, entity_id),
  unique (organisation_id, code)
);

create table import (
  organisation_id bigint not null references organisation,
  import_id bigint generated always as identity,
  source text not null,
  format text not null,
  file_name text not null,
  sha256 bytea not null check (length(sha256) = 32),
  byte_size bigint not null,
  line_count bigint not null,
  covers_from date,
  covers_until date,
  status text not null check (status in ('applied', 'undone')),
  summary jsonb not null,
  applied_at timestamptz not null,
  applied_on date not null,
  actor text not null,
  undone_at timestamptz,
  primary key (organisation_id, import_id)
);
create unique index import_once on import (organisation_id, sha256) where status = 'applied';
create index import_by_source on import (organisation_id, source, import_id);

create table import_problem (
  organisation_id bigint not null,
  import_id bigint not null,
  ordinal int not null,
  line bigint not null,
  severity text not null check (severity in ('error', 'warning')),
  code text not null,
  message_fr text not null,
  message_en text not null,
  primary key (organisation_id, import_id, ordinal),
  foreign key (organisation_id, import_id) references import
);

create table import_mapping (
  organisation_id bigint not null references organisation,
  source_key text not null,
  mapping jsonb not null,
  changed_at timestamptz not null,
  primary key (organisation_id, source_key)
);

create table customer (
  organisation_id bigint not null references organisation,
  customer_id bigint generated always as identity,
  code text not null check (length(code) between 1 and 80),
  name text not null check (length(name) between 1 and 300),
  kind text not null default 'business' check (kind in ('business', 'consumer', 'public')),
  account text,
  language text not null default 'fr' check (language in ('fr', 'en')),
  siren text, vat_number text,
  address text[] not null default '{}',
  postal_code text, city text, country text not null default 'FR',
  terms text,
  scenario_code text,
  in_legal_case boolean not null default false,
  import_id bigint,
  voided_at timestamptz,
  primary key (organisation_id, customer_id)
);
create unique index customer_code on customer (organisation_id, code) where voided_at is null;
create index customer_name on customer (organisation_id, name);

create table contact (
  organisation_id bigint not null,
  contact_id bigint generated always as identity,
  customer_id bigint not null,
  name text,
  email text,
  phone text,
  roles text[] not null default '{accountsPayable}',
  refused_channels text[] not null default '{}',
  bounced_at timestamptz,
  import_id bigint,
  removed_at timestamptz,
  primary key (organisation_id, contact_id),
  foreign key (organisation_id, customer_id) references customer
);
create index contact_of_customer on contact (organisation_id, customer_id);
create unique index contact_email on contact (organisation_id, customer_id, email) where removed_at is null;

-- ── Ledger ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table item (
  organisation_id bigint not null,
  item_id bigint generated always as identity,
  customer_id bigint not null,
  entity_id bigint,
  side text not null check (side in ('debit', 'credit')),
  kind text not null check (kind in ('invoice', 'deposit', 'debitNote', 'creditNote', 'receipt', 'refund', 'opening', 'other')),
  document text,
  label text,
  issued_on date not null,
  first_seen_on date not null,
  due_on date,
  due_source text not null default 'none' check (due_source in ('file', 'terms', 'person', 'none')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount > 0),
  allocated bigint not null default 0,
  estimated boolean not null default false,
  natural_key text not null,
  import_id bigint,
  source_line bigint,
  voided_at timestamptz,
  primary key (organisation_id, item_id),
  foreign key (organisation_id, customer_id) references customer,
  constraint item_allocated_fits check (allocated >= 0 and allocated <= amount),
  constraint item_debit_has_due_day check (side = 'credit' or due_on is not null)
);
create unique index item_natural_key on item (organisation_id, natural_key) where voided_at is null;
create index item_open on item (organisation_id, customer_id) include (side, due_on, currency, amount, allocated)
  where allocated < amount and voided_at is null;
create index item_by_customer on item (organisation_id, customer_id, issued_on);
create index item_by_document on item (organisation_id, document) where document is not null;
create index item_by_import on item using brin (organisation_id, import_id) with (pages_per_range = 32, autosummarize = on);

create table allocation (
  organisation_id bigint not null,
  allocation_id bigint generated always as identity,
  debit_item_id bigint not null,
  credit_item_id bigint not null,
  amount bigint not null check (amount <> 0),
  effective_on date not null,
  -- True: the debit and the credit were inserted with it already counted in their `allocated` (bulk loads).
  projected boolean not null default false,
  origin text not null check (origin in ('import', 'estimate', 'match', 'person')),
  import_id bigint,
  reverses bigint,
  recorded_at timestamptz not null,
  actor text not null,
  primary key (organisation_id, allocation_id),
  foreign key (organisation_id, debit_item_id) references item,
  foreign key (organisation_id, credit_item_id) references item,
  foreign key (organisation_id, reverses) references allocation,
  constraint allocation_sign check ((reverses is null) = (amount > 0))
);
create index allocation_of_debit on allocation (organisation_id, debit_item_id);
create index allocation_of_credit on allocation (organisation_id, credit_item_id);
create index allocation_by_day on allocation (organisation_id, effective_on) include (debit_item_id, credit_item_id, amount);
create index allocation_by_import on allocation using brin (organisation_id, import_id) with (pages_per_range = 32, autosummarize = on);
create unique index allocation_reversed_once on allocation (organisation_id, reverses) where reverses is not null;
create trigger allocation_is_final before update or delete on allocation for each row execute function refuse_change();

-- Keeps item.allocated, the stored projection that `acquit verify` recomputes; its check constraint is what makes
-- concurrent allocations beyond an amount fail (the row lock of this update orders them).
create function project_allocations() returns trigger
  language plpgsql
  as $$
  begin
    update item set allocated = item.allocated + added.amount
    from (
      select organisation_id, item_id, sum(amount)::bigint as amount from (
        select organisation_id, debit_item_id as item_id, amount from inserted where not projected
        union all
        select organisation_id, credit_item_id, amount from inserted where not projected
      ) both_sides group by organisation_id, item_id
    ) added
    where item.organisation_id = added.organisation_id and item.item_id = added.item_id;
    return null;
  end $$;
create trigger allocation_projects after insert on allocation
  referencing new table as inserted for each statement execute function project_allocations();

-- What an import changed in rows that existed before it, so that it can be taken back.
create table import_change (
  organisation_id bigint not null,
  import_id bigint not null,
  relation text not null check (relation in ('customer', 'item')),
  row_id bigint not null,
  before jsonb not null,
  primary key (organisation_id, import_id, relation, row_id),
  foreign key (organisation_id, import_id) references import
);

create table hold (
  organisation_id bigint not null,
  hold_id bigint generated always as identity,
  customer_id bigint not null,
  item_id bigint,
  kind text not null check (kind in ('dispute', 'promise', 'plan', 'pause', 'insolvency')),
  reason text,
  amount bigint check (amount > 0),
  from_on date not null,
  until_on date,
  grace_days int not null default 0 check (grace_days between 0 and 60),
  note text,
  created_at timestamptz not null,
  actor text not null,
  ended_on date,
  ended_reason text,
  primary key (organisation_id, hold_id),
  foreign key (organisation_id, customer_id) references customer,
  foreign key (organisation_id, item_id) references item,
  constraint hold_promise_has_day check (kind <> 'promise' or until_on is not null)
);
create index hold_of_customer on hold (organisation_id, customer_id);
create index hold_of_item on hold (organisation_id, item_id) where item_id is not null;

-- ── Dunning ────────────────────────────────────────────────────────────────────────────────────────────────────────

create table scenario (
  organisation_id bigint not null references organisation,
  scenario_id bigint generated always as identity,
  code text not null,
  version int not null check (version > 0),
  definition jsonb not null,
  created_at timestamptz not null,
  primary key (organisation_id, scenario_id),
  unique (organisation_id, code, version)
);
create trigger scenario_is_final before update or delete on scenario for each row execute function refuse_change();

create table template (
  organisation_id bigint not null references organisation,
  template_id bigint generated always as identity,
  code text not null,
  language text not null check (language in ('fr', 'en')),
  version int not null check (version > 0),
  subject text not null,
  body text not null,
  created_at timestamptz not null,
  primary key (organisation_id, template_id),
  unique (organisation_id, code, language, version)
);
create trigger template_is_final before update or delete on template for each row execute function refuse_change();

create table run (
  organisation_id bigint not null references organisation,
  run_id bigint generated always as identity,
  today date not null,
  started_at timestamptz not null,
  stopped text,
  policy jsonb not null,
  decision_count bigint not null,
  action_count bigint not null,
  digest bytea not null,
  actor text not null,
  primary key (organisation_id, run_id)
);
create index run_by_day on run (organisation_id, today, run_id);

create table action (
  organisation_id bigint not null,
  action_id bigint generated always as identity,
  action_key text not null,
  run_id bigint not null,
  today date not null,
  customer_id bigint not null,
  contact_id bigint,
  channel text not null check (channel in ('email', 'letter', 'registeredLetter', 'sms', 'call', 'visit')),
  recipient text,
  scenario_id bigint not null,
  step smallint not null,
  offset_days smallint not null,
  role text,
  anchor_item_id bigint not null,
  template_code text not null,
  tone text not null,
  currency text not null,
  total bigint not null,
  firmer boolean not null default false,
  formal_notice boolean not null default false,
  charges_allowed boolean not null default false,
  unallocated_credits bigint not null default 0,
  needs_approval boolean not null,
  state text not null check (state in
    ('proposed', 'approved', 'claimed', 'sent', 'delivered', 'bounced', 'replied', 'cancelled', 'failed', 'unknown', 'expired')),
  state_reason text,
  state_at timestamptz not null,
  approved_by text,
  fence int not null default 0,
  worker text,
  lease_until timestamptz,
  sent_on date,
  primary key (organisation_id, action_id),
  foreign key (organisation_id, run_id) references run,
  foreign key (organisation_id, customer_id) references customer,
  foreign key (organisation_id, contact_id) references contact,
  foreign key (organisation_id, scenario_id) references scenario
);
-- One live intent per key: a second one may exist only once the first is known not to have left.
create unique index action_one_live_intent on action (organisation_id, action_key)
  where state not in ('cancelled', 'failed', 'expired');
create index action_by_state on action (organisation_id, state, action_id);
create index action_of_customer on action (organisation_id, customer_id, action_id);

create table action_item (
  organisation_id bigint not null,
  action_id bigint not null,
  item_id bigint not null,
  credited_step smallint,
  credited_offset smallint,
  listed_amount bigint not null check (listed_amount > 0),
  due_on date not null,
  primary key (organisation_id, action_id, item_id),
  foreign key (organisation_id, action_id) references action,
  foreign key (organisation_id, item_id) references item
);
create index action_of_item on action_item (organisation_id, item_id);
create index action_anchored on action (organisation_id, anchor_item_id);

create table decision (
  organisation_id bigint not null,
  run_id bigint not null,
  item_id bigint not null,
  customer_id bigint not null,
  acts boolean not null,
  reason text not null,
  step smallint,
  until_on date,
  action_id bigint,
  facts text not null,
  primary key (organisation_id, run_id, item_id),
  foreign key (organisation_id, run_id) references run
);
create index decision_of_item on decision (organisation_id, item_id, run_id);
create trigger decision_is_final before update or delete on decision for each row execute function refuse_change();

-- ── Send ledger ────────────────────────────────────────────────────────────────────────────────────────────────────

create table message (
  organisation_id bigint not null,
  action_id bigint not null,
  channel text not null,
  recipient text not null,
  header_id text not null,
  subject text not null,
  body text not null,
  mime bytea,
  mime_sha256 bytea,
  pdf bytea,
  pdf_sha256 bytea,
  model jsonb not null,
  composed_at timestamptz not null,
  primary key (organisation_id, action_id),
  unique (organisation_id, header_id),
  foreign key (organisation_id, action_id) references action,
  constraint message_has_bytes check (mime is not null or pdf is not null)
);
create trigger message_is_final before update or delete on message for each row execute function refuse_change();

create table send_attempt (
  organisation_id bigint not null,
  action_id bigint not null,
  fence int not null,
  worker text not null,
  claimed_at timestamptz not null,
  outcome text check (outcome in ('accepted', 'refused', 'unknown')),
  response text,
  finished_at timestamptz,
  primary key (organisation_id, action_id, fence),
  foreign key (organisation_id, action_id) references action,
  constraint attempt_finished check ((outcome is null) = (finished_at is null))
);

-- ── Both nets: row policies on every tenant table, a login role that owns nothing ──────────────────────────────────

do $$
declare
  tenant_table text;
begin
  if not exists (select from pg_roles where rolname = 'acquit_app') then create role acquit_app nologin; end if;
  for tenant_table in
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation_id'
    where c.relkind = 'r' and c.relnamespace = current_schema::regnamespace
      and c.relname not in ('organisation', 'membership', 'session', 'sign_in_link')
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_organisation on %I using (organisation_id = (select current_organisation())) '
      || 'with check (organisation_id = (select current_organisation()))', tenant_table);
  end loop;
end $$;

revoke all on function refresh_statistics() from public;
grant execute on function refresh_statistics() to acquit_app;
grant usage on schema public to acquit_app;
grant select, insert, update on all tables in schema public to acquit_app;
grant usage on all sequences in schema public to acquit_app;
grant delete on session, sign_in_link, import_mapping to acquit_app;
revoke insert, update on installation from acquit_app;
revoke update on event, allocation, message, decision, action_item, import_problem, scenario, template from acquit_app;
