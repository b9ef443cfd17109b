-- Holds for their whole life: who promised what and how, plans and their instalments, disputes with owner, deadline, steps, comments and files.

alter table hold add column currency text check (currency ~ '^[A-Z]{3}$');
alter table hold add column channel text check (channel in ('phone', 'email', 'letter', 'portal', 'inPerson'));
alter table hold add column promised_by text check (length(promised_by) between 1 and 200);
-- A promise or a plan that suspends the items of hold_item; false: the item named, or the whole account.
alter table hold add column covers_items boolean not null default false;
alter table hold add column accepted_on date;
alter table hold add column accepted_by text check (length(accepted_by) between 1 and 200);
alter table hold add column owner_name text check (length(owner_name) between 1 and 200);
alter table hold add column owner_email text check (length(owner_email) between 3 and 254);
alter table hold add column deadline_on date;
alter table hold add column outcome text check (outcome in ('accepted', 'partly', 'rejected'));
alter table hold add column outcome_on date;
-- Insolvency: the day the opening was published, from which the time to file the claim runs, and the day it was filed.
alter table hold add column published_on date;
alter table hold add column claim_filed_on date;
-- What was last noted of it, with its event, and for which day: what is decided never rests on it, it is derived from dated allocations.
alter table hold add column state text not null default 'open' check (state in
  ('open', 'kept', 'partly', 'broken', 'proposed', 'current', 'late', 'defaulted', 'completed', 'awaitingCredit', 'creditLate', 'paid', 'credited', 'rejected', 'over', 'ended'));
alter table hold add column state_on date;
-- The plan that this one took the place of, and the hold that an import's new item for the same document took over.
alter table hold add column replaces bigint;
alter table hold add column carried_from bigint;
alter table hold add foreign key (organisation_id, replaces) references hold;
alter table hold add foreign key (organisation_id, carried_from) references hold;
alter table hold add constraint hold_outcome_of_dispute check (outcome is null or (kind = 'dispute' and outcome_on is not null));
create index hold_in_force on hold (organisation_id, kind, hold_id) where ended_on is null;
create index hold_ended on hold (organisation_id, ended_on) where ended_on is not null;
create index hold_carried on hold (organisation_id, carried_from) where carried_from is not null;

create table hold_item (
  organisation_id bigint not null,
  hold_id bigint not null,
  item_id bigint not null,
  -- What was open of it when the promise or the plan was made: what came in since is counted against this.
  open_amount bigint not null check (open_amount >= 0),
  -- The item for whose document a later import brought this one; it adds nothing to what the plan sums to.
  carried_from bigint,
  primary key (organisation_id, hold_id, item_id),
  foreign key (organisation_id, hold_id) references hold,
  foreign key (organisation_id, item_id) references item,
  foreign key (organisation_id, carried_from) references item
);
create index hold_item_of_item on hold_item (organisation_id, item_id);

create table hold_instalment (
  organisation_id bigint not null,
  hold_id bigint not null,
  ordinal smallint not null check (ordinal between 1 and 60),
  due_on date not null,
  amount bigint not null check (amount > 0),
  primary key (organisation_id, hold_id, ordinal),
  foreign key (organisation_id, hold_id) references hold
);

-- The instalments of a plan sum to what was open of its items, to the cent; checked when the plan is whole.
create function check_plan_sum() returns trigger
  language plpgsql
  as $$
  declare
    instalments bigint;
    items bigint;
  begin
    select coalesce(sum(amount), 0) into instalments from hold_instalment where organisation_id = new.organisation_id and hold_id = new.hold_id;
    select coalesce(sum(open_amount), 0) into items from hold_item where organisation_id = new.organisation_id and hold_id = new.hold_id and carried_from is null;
    if instalments <> 0 and instalments <> items then
      raise exception 'instalments of hold % sum to %, its items to %', new.hold_id, instalments, items using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$;
create constraint trigger plan_sums after insert on hold_instalment deferrable initially deferred for each row execute function check_plan_sum();
create constraint trigger plan_sums after insert on hold_item deferrable initially deferred for each row execute function check_plan_sum();

create table hold_step (
  organisation_id bigint not null,
  hold_id bigint not null,
  code text not null check (length(code) between 1 and 60),
  done_at timestamptz,
  done_by text,
  primary key (organisation_id, hold_id, code),
  foreign key (organisation_id, hold_id) references hold,
  constraint hold_step_done check ((done_at is null) = (done_by is null))
);

create table hold_comment (
  organisation_id bigint not null,
  hold_comment_id bigint generated always as identity,
  hold_id bigint not null,
  at timestamptz not null,
  actor text not null,
  body text not null check (length(body) between 1 and 4000),
  primary key (organisation_id, hold_comment_id),
  foreign key (organisation_id, hold_id) references hold
);
create index hold_comment_of_hold on hold_comment (organisation_id, hold_id, hold_comment_id);
create trigger hold_comment_is_final before update or delete on hold_comment for each row execute function refuse_change();

create table hold_file (
  organisation_id bigint not null,
  hold_file_id bigint generated always as identity,
  hold_id bigint not null,
  file_name text not null check (length(file_name) between 1 and 200),
  media_type text not null,
  sha256 bytea not null check (length(sha256) = 32),
  -- 10 MB: a photograph or a signed delivery note; more is a film, which belongs elsewhere.
  content bytea not null check (octet_length(content) between 1 and 10485760),
  at timestamptz not null,
  actor text not null,
  primary key (organisation_id, hold_file_id),
  foreign key (organisation_id, hold_id) references hold
);
create index hold_file_of_hold on hold_file (organisation_id, hold_id, hold_file_id);
create trigger hold_file_is_final before update or delete on hold_file for each row execute function refuse_change();

-- Promises made before on one item: what was open of it then. The policies would hide the rows from an owner that is no superuser.
alter table hold no force row level security;
alter table item no force row level security;
alter table allocation no force row level security;
insert into hold_item (organisation_id, hold_id, item_id, open_amount)
select h.organisation_id, h.hold_id, h.item_id, greatest(i.amount - coalesce((
  select sum(a.amount) from allocation a where a.organisation_id = h.organisation_id and a.debit_item_id = h.item_id and a.effective_on < h.from_on), 0), 0)
from hold h join item i on i.organisation_id = h.organisation_id and i.item_id = h.item_id
where h.kind = 'promise';
-- Their sums are checked now: a table with checks outstanding could not be altered below.
set constraints all immediate;
set constraints all deferred;
alter table hold force row level security;
alter table item force row level security;
alter table allocation force row level security;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['hold_item', 'hold_instalment', 'hold_step', 'hold_comment', 'hold_file'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_organisation on %I using (organisation_id = (select current_organisation())) '
      || 'with check (organisation_id = (select current_organisation()))', tenant_table);
  end loop;
end $$;
grant select, insert, update on hold_item, hold_instalment, hold_step, hold_comment, hold_file to acquit_app;
revoke update on hold_item, hold_instalment, hold_comment, hold_file from acquit_app;
