-- Bank statements and their lines, issued documents with their e-invoice files and life-cycle statuses.

create table bank_account (
  organisation_id bigint not null references organisation,
  bank_account_id bigint generated always as identity,
  -- The IBAN, or what the bank's files call the account when they have none: which account a line is of, whatever the format.
  account_key text not null check (length(account_key) between 1 and 80),
  iban text, other text, bic text, name text,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  import_id bigint,
  primary key (organisation_id, bank_account_id),
  unique (organisation_id, account_key)
);

create table bank_statement (
  organisation_id bigint not null,
  bank_statement_id bigint generated always as identity,
  bank_account_id bigint not null,
  import_id bigint not null,
  ordinal int not null,
  source_line bigint not null,
  identification text, sequence text,
  from_on date, until_on date,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  opening bigint, closing bigint,
  movement bigint not null,
  line_count int not null, pending_count int not null,
  -- Why a person must look before anything of it is allocated; null: nothing to look at.
  review text check (review in ('unbalanced', 'sameNumber')),
  reviewed_at timestamptz, reviewed_by text,
  voided_at timestamptz,
  primary key (organisation_id, bank_statement_id),
  foreign key (organisation_id, bank_account_id) references bank_account,
  foreign key (organisation_id, import_id) references import
);
create unique index bank_statement_of_import on bank_statement (organisation_id, import_id, ordinal);
create index bank_statement_of_account on bank_statement (organisation_id, bank_account_id, until_on);

create table bank_line (
  organisation_id bigint not null,
  bank_line_id bigint generated always as identity,
  bank_account_id bigint not null,
  bank_statement_id bigint not null,
  import_id bigint not null,
  format text not null,
  -- The entry it is a part of: the same text in any later file of its format, twins numbered.
  entry_key text not null,
  entry_part int not null check (entry_part > 0),
  entry_amount bigint not null,
  status text not null check (status in ('booked', 'pending', 'info')),
  booked_on date not null, value_on date,
  amount bigint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  original_amount bigint, original_currency text,
  counterparty_name text, counterparty_iban text, counterparty_account text, counterparty_bic text, ultimate_name text,
  end_to_end_id text, mandate_id text, bank_reference text, creditor_reference text,
  documents text[] not null default '{}',
  remittance text not null, label text not null,
  transaction_code text,
  returned boolean not null default false, return_code text, return_text text,
  reversal boolean not null default false,
  batch_count int,
  raw text not null,
  source_line bigint not null,
  -- The receipt it became, and, for money that came back, the line that it takes back.
  item_id bigint,
  takes_back bigint,
  voided_at timestamptz,
  primary key (organisation_id, bank_line_id),
  foreign key (organisation_id, bank_account_id) references bank_account,
  foreign key (organisation_id, bank_statement_id) references bank_statement,
  foreign key (organisation_id, item_id) references item,
  foreign key (organisation_id, takes_back) references bank_line,
  constraint bank_line_only_booked_is_money check (item_id is null or status = 'booked')
);
create unique index bank_line_key on bank_line (organisation_id, bank_account_id, entry_key, entry_part) where voided_at is null;
create index bank_line_by_day on bank_line (organisation_id, bank_account_id, booked_on, entry_amount);
create index bank_line_end_to_end on bank_line (organisation_id, end_to_end_id) where end_to_end_id is not null;
create index bank_line_by_statement on bank_line (organisation_id, bank_statement_id);
create index bank_line_by_import on bank_line using brin (organisation_id, import_id) with (pages_per_range = 32, autosummarize = on);
create index bank_line_of_item on bank_line (organisation_id, item_id) where item_id is not null;
create unique index bank_line_taken_back_once on bank_line (organisation_id, takes_back) where takes_back is not null and voided_at is null;

create table document (
  organisation_id bigint not null,
  document_id bigint generated always as identity,
  customer_id bigint,
  number text not null check (length(number) between 1 and 200),
  type_code text not null,
  kind text not null check (kind in ('invoice', 'deposit', 'debitNote', 'creditNote')),
  issued_on date not null, due_on date,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  gross bigint, prepaid bigint, due bigint not null,
  terms_text text,
  buyer_name text not null, buyer_siren text, buyer_vat_number text,
  payee_name text, payment_iban text, payment_reference text,
  order_reference text, contract_reference text, buyer_reference text,
  -- Notes (PMT, PMD, AAB…), VAT breakdown, preceding invoices, due dates, as read; amounts are minor units as texts.
  details jsonb not null,
  -- Codes of the problems because of which it is kept apart instead of being owed; empty: nothing to look at.
  review text[] not null default '{}',
  reviewed_at timestamptz, reviewed_by text, decision text check (decision in ('accepted', 'discarded')),
  import_id bigint,
  voided_at timestamptz,
  primary key (organisation_id, document_id),
  foreign key (organisation_id, customer_id) references customer
);
create index document_by_number on document (organisation_id, number);
create unique index document_once on document (organisation_id, number, issued_on, kind) where voided_at is null and review = '{}';
create index document_of_customer on document (organisation_id, customer_id);
create index document_by_import on document (organisation_id, import_id);

create table document_file (
  organisation_id bigint not null,
  document_file_id bigint generated always as identity,
  document_id bigint not null,
  media_type text not null check (media_type in ('application/pdf', 'application/xml')),
  file_name text not null,
  sha256 bytea not null check (length(sha256) = 32),
  content bytea not null,
  primary key (organisation_id, document_file_id),
  foreign key (organisation_id, document_id) references document
);
create index document_file_of_document on document_file (organisation_id, document_id);

create table document_status (
  organisation_id bigint not null,
  document_status_id bigint generated always as identity,
  number text not null check (length(number) between 1 and 200),
  issued_on date,
  status text not null check (status ~ '^[0-9]{3}$'),
  stated_on date not null, stated_at timestamptz,
  stated_by_name text, stated_by_siren text,
  reasons jsonb not null default '[]',
  import_id bigint not null,
  source_line bigint not null,
  voided_at timestamptz,
  primary key (organisation_id, document_status_id),
  foreign key (organisation_id, import_id) references import
);
create index document_status_by_number on document_status (organisation_id, number, stated_on);
create index document_status_by_import on document_status (organisation_id, import_id);

-- The import and the life-cycle status that opened it; null when a person did.
alter table hold add column import_id bigint;
alter table hold add column document_status_id bigint;
alter table hold add foreign key (organisation_id, document_status_id) references document_status;
create index hold_of_status on hold (organisation_id, document_status_id) where document_status_id is not null;
alter table import_change drop constraint import_change_relation_check;
alter table import_change add constraint import_change_relation_check check (relation in ('customer', 'item', 'bankLine'));
-- The ledger of one source may call an invoice's buyer by another code than the one made up when only the e-invoice was known.
create index customer_siren on customer (organisation_id, siren) where siren is not null and voided_at is null;
create index customer_vat on customer (organisation_id, vat_number) where vat_number is not null and voided_at is null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['bank_account', 'bank_statement', 'bank_line', 'document', 'document_file', 'document_status'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_organisation on %I using (organisation_id = (select current_organisation())) '
      || 'with check (organisation_id = (select current_organisation()))', tenant_table);
  end loop;
end $$;
grant select, insert, update on bank_account, bank_statement, bank_line, document, document_file, document_status to acquit_app;
revoke update on document_file from acquit_app;
