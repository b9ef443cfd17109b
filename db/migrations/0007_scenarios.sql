-- Scenarios that people write: drafts, retirement, the rules that choose one, segments by behaviour, tasks, copies and thanks.

alter table scenario add column created_by text;

create table scenario_draft (
  organisation_id bigint not null references organisation,
  code text not null check (length(code) between 1 and 40),
  definition jsonb not null,
  -- The version it started from; null: a scenario that is new.
  based_on int,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (organisation_id, code)
);

-- A scenario that nobody may be given any more; what was done under it stays.
create table scenario_retired (
  organisation_id bigint not null references organisation,
  code text not null,
  retired_at timestamptz not null,
  retired_by text not null,
  primary key (organisation_id, code)
);

-- The ordered rules that choose the scenario of a customer; the latest version holds.
create table assignment (
  organisation_id bigint not null references organisation,
  version int not null check (version > 0),
  rules jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (organisation_id, version)
);
create trigger assignment_is_final before update or delete on assignment for each row execute function refuse_change();

alter table profile add column segments jsonb not null default '{}';
-- The day for which segments were last computed.
alter table profile add column segments_on date;

-- The segment by rule with the figures behind it, and the one a person chose over it.
alter table customer add column segment text;
alter table customer add column segment_because text;
alter table customer add column segment_facts jsonb;
alter table customer add column segment_on date;
alter table customer add column segment_override text;
alter table customer add constraint customer_segment_known check (
  (segment is null or segment in ('goodPayer', 'oftenLate', 'atRisk', 'new', 'publicBuyer', 'consumer'))
  and (segment_override is null or segment_override in ('goodPayer', 'oftenLate', 'atRisk', 'new', 'strategic', 'publicBuyer', 'consumer')));
create index customer_by_segment on customer (organisation_id, coalesce(segment_override, segment));
create index customer_with_scenario on customer (organisation_id, scenario_code) where scenario_code is not null;

create table segment_history (
  organisation_id bigint not null,
  segment_history_id bigint generated always as identity,
  customer_id bigint not null,
  -- Null: a person took their choice back, the rule's holds again.
  segment text,
  because text not null,
  facts jsonb not null,
  as_of date not null,
  recorded_at timestamptz not null,
  actor text not null,
  primary key (organisation_id, segment_history_id),
  foreign key (organisation_id, customer_id) references customer
);
create index segment_history_of_customer on segment_history (organisation_id, customer_id, segment_history_id);
create trigger segment_history_is_final before update or delete on segment_history for each row execute function refuse_change();

-- The scenario a person chose for one item.
alter table item add column scenario_code text;
create index item_with_scenario on item (organisation_id, scenario_code) where scenario_code is not null;

alter table action drop constraint action_channel_check;
alter table action add constraint action_channel_check check (channel in ('email', 'letter', 'registeredLetter', 'sms', 'call', 'visit', 'check'));
alter table action add column purpose text not null default 'dunning' check (purpose in ('dunning', 'copy', 'thankYou'));
alter table action add column copy_of bigint;
alter table action add foreign key (organisation_id, copy_of) references action;
alter table action add constraint action_copy check ((purpose = 'copy') = (copy_of is not null));
create index action_copies on action (organisation_id, copy_of) where copy_of is not null;
create index action_thanks on action (organisation_id, state_at) where purpose = 'thankYou';
-- The key of the step that an item has done once the action is accepted; steps done before this column are known by their offset.
alter table action_item add column credited_key text;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['scenario_draft', 'scenario_retired', 'assignment', 'segment_history'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_organisation on %I using (organisation_id = (select current_organisation())) '
      || 'with check (organisation_id = (select current_organisation()))', tenant_table);
  end loop;
end $$;
grant select, insert, update on scenario_draft to acquit_app;
grant delete on scenario_draft, scenario_retired to acquit_app;
grant select, insert on scenario_retired, assignment, segment_history to acquit_app;
grant usage on all sequences in schema public to acquit_app;
