-- What events say of a message without saying it: commitments under a salt of its own, which is erased with what it covers.

alter table message
  add column salt bytea default uuid_send(gen_random_uuid()) check (length(salt) = 16),
  -- The wording it was made from: "reminder1 fr 3"; null for messages older than this column.
  add column template text check (length(template) between 1 and 120);
alter table message alter column salt set not null, alter column salt drop default;

-- Where the chain stood at the end of a day, a line each as it is exported to a file of the data folder: whoever kept a copy of it sees that the
-- chain was rewritten or cut off since. No personal data is in it.
create table head_line (
  organisation_id bigint not null references organisation,
  seq bigint not null check (seq > 0),
  line text not null check (length(line) between 1 and 2000),
  primary key (organisation_id, seq)
);
create trigger head_line_is_final before update or delete on head_line for each row execute function refuse_change();
create trigger head_line_is_kept before truncate on head_line execute function refuse_change();
alter table head_line enable row level security;
alter table head_line force row level security;
create policy own_organisation on head_line using (organisation_id = (select current_organisation()))
  with check (organisation_id = (select current_organisation()));
grant select, insert on head_line to acquit_app;
