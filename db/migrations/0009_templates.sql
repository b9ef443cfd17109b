-- Families of texts that the organisation wrote itself. The ready ones are in the program; their texts are rows of `template` like those of any family.
create table template_family (
  organisation_id bigint not null references organisation,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  name text not null check (length(name) between 1 and 120),
  -- The message it is used as: what it may speak of, and which scenario steps may take it.
  stands_for text not null check (stands_for in ('preDue', 'reminder1', 'reminder2', 'reminder3', 'formalNotice', 'thankYou')),
  created_at timestamptz not null,
  created_by text not null,
  retired_at timestamptz,
  retired_by text,
  primary key (organisation_id, code),
  constraint template_family_retired_whole check ((retired_at is null) = (retired_by is null))
);
alter table template_family enable row level security;
alter table template_family force row level security;
create policy own_organisation on template_family using (organisation_id = (select current_organisation())) with check (organisation_id = (select current_organisation()));
grant select, insert, update on template_family to acquit_app;

-- Who wrote a version; null: it came with the program. A wording taken out is a version that says so: versions are only ever added.
alter table template add created_by text, add removed boolean not null default false;

-- Stored e-mails are read back as characters, an octet each: the null octet has none. Nothing ever composed one.
alter table message add constraint message_mime_without_null check (position('\x00'::bytea in mime) = 0);
