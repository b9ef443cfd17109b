-- What events say of a message without saying it: commitments under a salt of its own, which is erased with what it covers.

alter table message
  add column salt bytea default uuid_send(gen_random_uuid()) check (length(salt) = 16),
  -- The wording it was made from: "reminder1 fr 3"; null for messages older than this column.
  add column template text check (length(template) between 1 and 120);
alter table message alter column salt set not null, alter column salt drop default;
