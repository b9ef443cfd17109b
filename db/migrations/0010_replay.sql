-- What decisions rested on, as of any day; replays of scenarios; tests with a control group.

-- What a fact that dunning decides on was before somebody changed it; null: it was not there. With it the facts of a past day are known again.
-- No name, address or number is kept here, only what decides (a channel exists, a role, a country).
create table fact_before (
  organisation_id bigint not null references organisation,
  fact_before_id bigint generated always as identity,
  relation text not null check (relation in ('profile', 'customer', 'contact', 'item')),
  row_id bigint not null,
  before jsonb,
  changed_at timestamptz not null,
  primary key (organisation_id, fact_before_id)
);
create index fact_before_of_row on fact_before (organisation_id, relation, row_id, changed_at);
create trigger fact_before_is_final before update or delete on fact_before for each row execute function refuse_change();

-- A scenario tried out on what really happened. Its result is figures alone; one that was broken off leaves nothing.
create table replay (
  organisation_id bigint not null references organisation,
  replay_id bigint generated always as identity,
  code text not null,
  -- Null: the draft of then.
  version int,
  -- Of the definition that was tried out: a draft changed since gives another.
  definition_sha256 bytea not null,
  months smallint not null check (months between 1 and 24),
  basis text not null check (basis in ('known', 'dated')),
  population text not null check (population in ('assigned', 'everybody')),
  result jsonb not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  actor text not null,
  primary key (organisation_id, replay_id)
);
create trigger replay_is_final before update or delete on replay for each row execute function refuse_change();
create index replay_of_scenario on replay (organisation_id, code, replay_id desc);

-- A share of the customers of a scenario keeps what held before its new version, until somebody ends it: the difference is what the version brings.
create table hold_out (
  organisation_id bigint not null references organisation,
  hold_out_id bigint generated always as identity,
  code text not null,
  version int not null,
  former_scenario_id bigint not null,
  share_percent smallint not null check (share_percent between 1 and 50),
  seed bigint not null check (seed between 0 and 4294967295),
  started_on date not null,
  started_at timestamptz not null,
  started_by text not null,
  ended_on date,
  ended_at timestamptz,
  ended_by text,
  primary key (organisation_id, hold_out_id),
  foreign key (organisation_id, former_scenario_id) references scenario,
  constraint hold_out_ended_whole check ((ended_at is null) = (ended_on is null) and (ended_at is null) = (ended_by is null))
);
-- Two tests of one scenario at once would each be the other's disturbance.
create unique index hold_out_one_at_a_time on hold_out (organisation_id, code) where ended_at is null;

-- Who was in it, in which arm, from which day; a person's choice of another scenario takes a customer out, and it is counted so.
create table hold_out_customer (
  organisation_id bigint not null,
  hold_out_id bigint not null,
  customer_id bigint not null,
  arm text not null check (arm in ('new', 'former')),
  entered_on date not null,
  left_at timestamptz,
  left_because text check (left_because in ('customerScenario', 'itemScenario')),
  primary key (organisation_id, hold_out_id, customer_id),
  foreign key (organisation_id, hold_out_id) references hold_out,
  foreign key (organisation_id, customer_id) references customer,
  constraint hold_out_left_whole check ((left_at is null) = (left_because is null))
);
create index hold_out_of_customer on hold_out_customer (organisation_id, customer_id) where left_at is not null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['fact_before', 'replay', 'hold_out', 'hold_out_customer'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_organisation on %I using (organisation_id = (select current_organisation())) '
      || 'with check (organisation_id = (select current_organisation()))', tenant_table);
  end loop;
end $$;
grant select, insert on fact_before, replay to acquit_app;
grant select, insert, update on hold_out, hold_out_customer to acquit_app;
grant usage on all sequences in schema public to acquit_app;
