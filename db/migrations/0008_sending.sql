-- Sending that somebody answers for: test mode, two persons for formal notices, rates, bounces and the breaker, contacts made by hand.

-- Test address, rates, breaker thresholds, four eyes, how old an approval may be, limits of the bank gate; dunning itself stays in `dunning`.
alter table profile add column sending jsonb not null default '{}';

-- Made or handed over in test mode: never the customer's, so never sent.
alter table action add column test boolean not null default false;
alter table action add column approvals_needed smallint not null default 1 check (approvals_needed in (1, 2));
alter table action add column first_approved_by text;
-- The business day the last approval was given; what waits too long after it is looked at again.
alter table action add column approved_on date;

-- The policy would hide the rows from an owner that is no superuser.
alter table action no force row level security;
update action set approved_on = today where state not in ('proposed', 'cancelled', 'expired');
alter table action force row level security;

alter table action add constraint action_test_reaches_nobody
  check (not test or (sent_on is null and state not in ('sent', 'delivered', 'bounced', 'replied')));
alter table action add constraint action_two_persons check (
  approvals_needed = 1 or state in ('proposed', 'cancelled', 'failed', 'expired')
  or (first_approved_by is not null and approved_by is not null and first_approved_by <> approved_by));

-- Domain of the recipient of an e-mail, in lower case: what rates are counted by. Null for what is printed.
alter table send_attempt add column domain text;
create index send_attempt_by_time on send_attempt (organisation_id, claimed_at) where domain is not null;

-- A mailbox is the same however its address is written, and whichever contact bears it.
create index contact_by_address on contact (organisation_id, lower(email)) where email is not null;
create index contact_refusing_mail on contact (organisation_id, lower(email)) where 'email' = any(refused_channels);

-- What came back: `hard` (the address is dead), `blocked` (refused for good, the address is not to blame), `soft` (for now), `complaint`.
create table bounce (
  organisation_id bigint not null references organisation,
  bounce_id bigint generated always as identity,
  action_id bigint,
  address text not null check (address = lower(address) and length(address) between 3 and 254),
  kind text not null check (kind in ('hard', 'blocked', 'soft', 'complaint')),
  status text check (length(status) <= 20),
  diagnostic text not null check (length(diagnostic) <= 500),
  source text not null check (source in ('smtp', 'report', 'person')),
  reported_at timestamptz not null,
  actor text not null,
  -- A person found that the address works after all.
  lifted_at timestamptz,
  lifted_by text,
  lifted_reason text,
  primary key (organisation_id, bounce_id),
  foreign key (organisation_id, action_id) references action,
  constraint bounce_lifted_whole check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_reason is null))
);
create unique index bounce_once on bounce (organisation_id, action_id, kind) where action_id is not null;
create index bounce_of_address on bounce (organisation_id, address) where lifted_at is null;

-- E-mail of the organisation stopped by the breaker, until a person closes it with a reason.
create table sending_halt (
  organisation_id bigint not null references organisation,
  sending_halt_id bigint generated always as identity,
  cause text not null check (cause in ('bounces', 'complaints')),
  mails int not null, bounces int not null, complaints int not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  closed_reason text,
  primary key (organisation_id, sending_halt_id),
  constraint halt_closed_whole check ((closed_at is null) = (closed_by is null) and (closed_at is null) = (closed_reason is null))
);
create unique index sending_halt_one_open on sending_halt (organisation_id) where closed_at is null;

-- A contact with a customer that no action made: a call logged, a letter posted by hand, a visit. It counts in the pressure budget.
create table contact_made (
  organisation_id bigint not null,
  contact_made_id bigint generated always as identity,
  customer_id bigint not null,
  channel text not null check (channel in ('email', 'letter', 'registeredLetter', 'sms', 'call', 'visit')),
  made_on date not null,
  note text check (length(note) <= 2000),
  recorded_at timestamptz not null,
  actor text not null,
  -- Entered by mistake.
  voided_at timestamptz,
  primary key (organisation_id, contact_made_id),
  foreign key (organisation_id, customer_id) references customer
);
create index contact_made_with_customer on contact_made (organisation_id, customer_id, made_on);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['bounce', 'sending_halt', 'contact_made'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_organisation on %I using (organisation_id = (select current_organisation())) '
      || 'with check (organisation_id = (select current_organisation()))', tenant_table);
  end loop;
end $$;
grant select, insert, update on bounce, sending_halt, contact_made to acquit_app;
