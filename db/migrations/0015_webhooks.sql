-- Other software that is told what happened. The event chain is the outbox: a webhook keeps how far it told of it.
create table webhook (
  organisation_id bigint not null references organisation,
  webhook_id bigint not null generated always as identity,
  url text not null check (length(url) between 1 and 2048),
  events text[] not null check (cardinality(events) between 1 and 100),
  -- Signing needs the key itself (docs/decisions/0021-webhooks.md). The former one signs beside it for a day after a change.
  secret bytea check (length(secret) between 24 and 64),
  former_secret bytea,
  former_until timestamptz,
  state text not null check (state in ('on', 'off', 'removed')),
  state_because text not null check (state_because in ('person', 'gone', 'failing', 'unsure')),
  state_at timestamptz not null,
  -- Place in the chain up to which calls were made.
  told_to bigint not null,
  next_at timestamptz,
  -- Who hands its calls over; whoever comes after it has a higher fence, and what comes too late changes nothing.
  fence int not null default 0,
  worker text,
  lease_until timestamptz,
  last_at timestamptz,
  last_outcome text,
  last_status smallint,
  created_at timestamptz not null,
  created_by text not null,
  primary key (organisation_id, webhook_id),
  constraint webhook_removed_without_secret check ((state = 'removed') = (secret is null)),
  constraint webhook_former_whole check ((former_secret is null) = (former_until is null)),
  constraint webhook_worker_whole check ((worker is null) = (lease_until is null))
);
alter table webhook enable row level security;
alter table webhook force row level security;
create policy own_organisation on webhook using (organisation_id = (select current_organisation())) with check (organisation_id = (select current_organisation()));
grant select, insert, update on webhook to acquit_app;

-- What is to be told, as bytes: made once, from one event, and the same at each try.
create table webhook_call (
  organisation_id bigint not null references organisation,
  webhook_id bigint not null,
  seq bigint not null,
  -- An event with a long list is told in several parts.
  part smallint not null check (part >= 1),
  call_id text not null check (call_id ~ '^evt_[0-9a-f]{40}$'),
  type text not null,
  body bytea not null,
  made_at timestamptz not null,
  tries int not null default 0,
  first_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  outcome text check (outcome in ('taken', 'refused', 'timeout', 'broken', 'lost', 'connection', 'tls', 'dns', 'address', 'skipped')),
  status smallint,
  primary key (organisation_id, webhook_id, seq, part),
  foreign key (organisation_id, webhook_id) references webhook
);
create index webhook_call_waiting on webhook_call (organisation_id, webhook_id, seq, part) where outcome is null or outcome not in ('taken', 'skipped');
alter table webhook_call enable row level security;
alter table webhook_call force row level security;
create policy own_organisation on webhook_call using (organisation_id = (select current_organisation())) with check (organisation_id = (select current_organisation()));
grant select, insert, update, delete on webhook_call to acquit_app;

create function webhook_call_changes() returns trigger
  language plpgsql
  as $$
  begin
    if (old.organisation_id, old.webhook_id, old.seq, old.part, old.call_id, old.type, old.body) is distinct from (new.organisation_id, new.webhook_id, new.seq, new.part, new.call_id, new.type, new.body) then
      raise exception 'what a call says never changes: a second try carries the bytes of the first';
    end if;
    if old.outcome in ('taken', 'skipped') and old.outcome is distinct from new.outcome then
      raise exception 'a call that is done stays done';
    end if;
    return new;
  end $$;
create trigger webhook_call_is_fixed before update on webhook_call for each row execute function webhook_call_changes();
