-- Made by `npm run schema` from the migrations; not run by anything.

-- Tables
table action
  organisation_id bigint not null
  action_id bigint not null identity
  action_key text not null
  run_id bigint not null
  today date not null
  customer_id bigint not null
  contact_id bigint
  channel text not null
  recipient text
  scenario_id bigint not null
  step smallint not null
  offset_days smallint not null
  role text
  anchor_item_id bigint not null
  template_code text not null
  tone text not null
  currency text not null
  total bigint not null
  firmer boolean not null default false
  formal_notice boolean not null default false
  charges_allowed boolean not null default false
  unallocated_credits bigint not null default 0
  needs_approval boolean not null
  state text not null
  state_reason text
  state_at timestamp with time zone not null
  approved_by text
  fence integer not null default 0
  worker text
  lease_until timestamp with time zone
  sent_on date
  purpose text not null default 'dunning'::text
  copy_of bigint
  test boolean not null default false
  approvals_needed smallint not null default 1
  first_approved_by text
  approved_on date
  task_note text
table action_item
  organisation_id bigint not null
  action_id bigint not null
  item_id bigint not null
  credited_step smallint
  credited_offset smallint
  listed_amount bigint not null
  due_on date not null
  credited_key text
table allocation
  organisation_id bigint not null
  allocation_id bigint not null identity
  debit_item_id bigint not null
  credit_item_id bigint not null
  amount bigint not null
  effective_on date not null
  projected boolean not null default false
  origin text not null
  import_id bigint
  reverses bigint
  recorded_at timestamp with time zone not null
  actor text not null
  match_id bigint
table allocation_vat
  organisation_id bigint not null
  allocation_id bigint not null
  ordinal smallint not null
  category text not null
  rate text
  amount bigint not null
  base bigint not null
  tax bigint not null
table app_user
  user_id bigint not null identity
  email text not null
  name text not null
  password_hash text
  language text not null default 'fr'::text
  created_at timestamp with time zone not null
table assignment
  organisation_id bigint not null
  version integer not null
  rules jsonb not null
  created_at timestamp with time zone not null
  created_by text not null
table bank_account
  organisation_id bigint not null
  bank_account_id bigint not null identity
  account_key text not null
  iban text
  other text
  bic text
  name text
  currency text not null
  import_id bigint
table bank_line
  organisation_id bigint not null
  bank_line_id bigint not null identity
  bank_account_id bigint not null
  bank_statement_id bigint not null
  import_id bigint not null
  format text not null
  entry_key text not null
  entry_part integer not null
  entry_amount bigint not null
  status text not null
  booked_on date not null
  value_on date
  amount bigint not null
  currency text not null
  original_amount bigint
  original_currency text
  counterparty_name text
  counterparty_iban text
  counterparty_account text
  counterparty_bic text
  ultimate_name text
  end_to_end_id text
  mandate_id text
  bank_reference text
  creditor_reference text
  documents text[] not null default '{}'::text[]
  remittance text not null
  label text not null
  transaction_code text
  returned boolean not null default false
  return_code text
  return_text text
  reversal boolean not null default false
  batch_count integer
  raw text not null
  source_line bigint not null
  item_id bigint
  takes_back bigint
  voided_at timestamp with time zone
  likely_customer_id bigint
  dismissed_at timestamp with time zone
  dismissed_by text
  dismissed_reason text
  dismissed_note text
  refused_customers bigint[] not null default '{}'::bigint[]
table bank_statement
  organisation_id bigint not null
  bank_statement_id bigint not null identity
  bank_account_id bigint not null
  import_id bigint not null
  ordinal integer not null
  source_line bigint not null
  identification text
  sequence text
  from_on date
  until_on date
  currency text not null
  opening bigint
  closing bigint
  movement bigint not null
  line_count integer not null
  pending_count integer not null
  review text
  reviewed_at timestamp with time zone
  reviewed_by text
  voided_at timestamp with time zone
table bounce
  organisation_id bigint not null
  bounce_id bigint not null identity
  action_id bigint
  address text not null
  kind text not null
  status text
  diagnostic text not null
  source text not null
  reported_at timestamp with time zone not null
  actor text not null
  lifted_at timestamp with time zone
  lifted_by text
  lifted_reason text
table contact
  organisation_id bigint not null
  contact_id bigint not null identity
  customer_id bigint not null
  name text
  email text
  phone text
  roles text[] not null default '{accountsPayable}'::text[]
  refused_channels text[] not null default '{}'::text[]
  bounced_at timestamp with time zone
  import_id bigint
  removed_at timestamp with time zone
  erased_at timestamp with time zone
  erased_because text
table contact_made
  organisation_id bigint not null
  contact_made_id bigint not null identity
  customer_id bigint not null
  channel text not null
  made_on date not null
  note text
  recorded_at timestamp with time zone not null
  actor text not null
  voided_at timestamp with time zone
table customer
  organisation_id bigint not null
  customer_id bigint not null identity
  code text not null
  name text not null
  kind text not null default 'business'::text
  account text
  language text not null default 'fr'::text
  siren text
  vat_number text
  address text[] not null default '{}'::text[]
  postal_code text
  city text
  country text not null default 'FR'::text
  terms text
  scenario_code text
  in_legal_case boolean not null default false
  import_id bigint
  voided_at timestamp with time zone
  payer_group text
  segment text
  segment_because text
  segment_facts jsonb
  segment_on date
  segment_override text
table decision
  organisation_id bigint not null
  run_id bigint not null
  item_id bigint not null
  customer_id bigint not null
  acts boolean not null
  reason text not null
  step smallint
  until_on date
  action_id bigint
  facts text not null
table document
  organisation_id bigint not null
  document_id bigint not null identity
  customer_id bigint
  number text not null
  type_code text not null
  kind text not null
  issued_on date not null
  due_on date
  currency text not null
  gross bigint
  prepaid bigint
  due bigint not null
  terms_text text
  buyer_name text not null
  buyer_siren text
  buyer_vat_number text
  payee_name text
  payment_iban text
  payment_reference text
  order_reference text
  contract_reference text
  buyer_reference text
  details jsonb not null
  review text[] not null default '{}'::text[]
  reviewed_at timestamp with time zone
  reviewed_by text
  decision text
  import_id bigint
  voided_at timestamp with time zone
table document_file
  organisation_id bigint not null
  document_file_id bigint not null identity
  document_id bigint not null
  media_type text not null
  file_name text not null
  sha256 bytea not null
  content bytea not null
table document_status
  organisation_id bigint not null
  document_status_id bigint not null identity
  number text not null
  issued_on date
  status text not null
  stated_on date not null
  stated_at timestamp with time zone
  stated_by_name text
  stated_by_siren text
  reasons jsonb not null default '[]'::jsonb
  import_id bigint not null
  source_line bigint not null
  voided_at timestamp with time zone
table entity
  organisation_id bigint not null
  entity_id bigint not null identity
  code text not null
  name text not null
  legal_form text
  capital text
  siren text
  rcs_city text
  vat_number text
  address text[] not null default '{}'::text[]
  postal_code text
  city text
  country text not null default 'FR'::text
  phone text
  email text
  iban text
  bic text
  signatory text
  default_terms text not null default '30d'::text
  penalty_rate text
  early_payment jsonb
table erased_address
  organisation_id bigint not null
  key bytea not null
  erased_at timestamp with time zone not null
table event
  organisation_id bigint not null
  seq bigint not null
  at timestamp with time zone not null
  actor text not null
  kind text not null
  subject text not null
  body text not null
  previous_hash bytea not null
  hash bytea not null
table event_head
  organisation_id bigint not null
  seq bigint not null
  hash bytea not null
table fact_before
  organisation_id bigint not null
  fact_before_id bigint not null identity
  relation text not null
  row_id bigint not null
  before jsonb
  changed_at timestamp with time zone not null
table head_line
  organisation_id bigint not null
  seq bigint not null
  line text not null
table hold
  organisation_id bigint not null
  hold_id bigint not null identity
  customer_id bigint not null
  item_id bigint
  kind text not null
  reason text
  amount bigint
  from_on date not null
  until_on date
  grace_days integer not null default 0
  note text
  created_at timestamp with time zone not null
  actor text not null
  ended_on date
  ended_reason text
  import_id bigint
  document_status_id bigint
  currency text
  channel text
  promised_by text
  covers_items boolean not null default false
  accepted_on date
  accepted_by text
  owner_name text
  owner_email text
  deadline_on date
  outcome text
  outcome_on date
  published_on date
  claim_filed_on date
  state text not null default 'open'::text
  state_on date
  replaces bigint
  carried_from bigint
  court text
table hold_comment
  organisation_id bigint not null
  hold_comment_id bigint not null identity
  hold_id bigint not null
  at timestamp with time zone not null
  actor text not null
  body text not null
table hold_file
  organisation_id bigint not null
  hold_file_id bigint not null identity
  hold_id bigint not null
  file_name text not null
  media_type text not null
  sha256 bytea not null
  content bytea not null
  at timestamp with time zone not null
  actor text not null
table hold_instalment
  organisation_id bigint not null
  hold_id bigint not null
  ordinal smallint not null
  due_on date not null
  amount bigint not null
table hold_item
  organisation_id bigint not null
  hold_id bigint not null
  item_id bigint not null
  open_amount bigint not null
  carried_from bigint
table hold_out
  organisation_id bigint not null
  hold_out_id bigint not null identity
  code text not null
  version integer not null
  former_scenario_id bigint not null
  share_percent smallint not null
  seed bigint not null
  started_on date not null
  started_at timestamp with time zone not null
  started_by text not null
  ended_on date
  ended_at timestamp with time zone
  ended_by text
table hold_out_customer
  organisation_id bigint not null
  hold_out_id bigint not null
  customer_id bigint not null
  arm text not null
  entered_on date not null
  left_at timestamp with time zone
  left_because text
table hold_step
  organisation_id bigint not null
  hold_id bigint not null
  code text not null
  done_at timestamp with time zone
  done_by text
table import
  organisation_id bigint not null
  import_id bigint not null identity
  source text not null
  format text not null
  file_name text not null
  sha256 bytea not null
  byte_size bigint not null
  line_count bigint not null
  covers_from date
  covers_until date
  status text not null
  summary jsonb not null
  applied_at timestamp with time zone not null
  applied_on date not null
  actor text not null
  undone_at timestamp with time zone
table import_change
  organisation_id bigint not null
  import_id bigint not null
  relation text not null
  row_id bigint not null
  before jsonb not null
table import_mapping
  organisation_id bigint not null
  source_key text not null
  mapping jsonb not null
  changed_at timestamp with time zone not null
table import_problem
  organisation_id bigint not null
  import_id bigint not null
  ordinal integer not null
  line bigint not null
  severity text not null
  code text not null
  message_fr text not null
  message_en text not null
table installation
  only_row boolean not null default true
  installation_id uuid not null default gen_random_uuid()
  epoch uuid not null default gen_random_uuid()
  frozen_at timestamp with time zone
  frozen_because text
  suppression_key bytea not null default (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
  journal_server jsonb
  journal_mark uuid
table installation_freeze
  freeze_id bigint not null identity
  because text not null
  frozen_at timestamp with time zone not null
  frozen_by text not null
  reason text
  ended_at timestamp with time zone
  ended_by text
  ended_how text
  ended_reason text
table item
  organisation_id bigint not null
  item_id bigint not null identity
  customer_id bigint not null
  entity_id bigint
  side text not null
  kind text not null
  document text
  label text
  issued_on date not null
  first_seen_on date not null
  due_on date
  due_source text not null default 'none'::text
  currency text not null
  amount bigint not null
  allocated bigint not null default 0
  estimated boolean not null default false
  natural_key text not null
  import_id bigint
  source_line bigint
  voided_at timestamp with time zone
  scenario_code text
table match
  organisation_id bigint not null
  match_id bigint not null identity
  bank_line_id bigint
  credit_item_id bigint not null
  write_off_item_id bigint
  customer_id bigint not null
  automatic boolean not null
  confidence smallint
  evidence jsonb not null
  made_at timestamp with time zone not null
  actor text not null
  undone_at timestamp with time zone
  undone_by text
  undone_reason text
  gesture_id bigint
  note text
  overruled_by bigint
table membership
  organisation_id bigint not null
  user_id bigint not null
  role text not null
table message
  organisation_id bigint not null
  action_id bigint not null
  channel text not null
  recipient text not null
  header_id text not null
  subject text not null
  body text not null
  mime bytea
  mime_sha256 bytea
  pdf bytea
  pdf_sha256 bytea
  model jsonb not null
  composed_at timestamp with time zone not null
  salt bytea
  template text
  erased_at timestamp with time zone
table organisation
  organisation_id bigint not null identity
  code text not null
  created_at timestamp with time zone not null
table payer_memory
  organisation_id bigint not null
  kind text not null
  key text not null
  customer_id bigint not null
  times integer not null
  last_on date not null
table payer_refusal
  organisation_id bigint not null
  key text not null
  times integer not null
  last_on date not null
table profile
  organisation_id bigint not null
  name text not null
  time_zone text not null default 'Europe/Paris'::text
  country text not null default 'FR'::text
  language text not null default 'fr'::text
  currency text not null default 'EUR'::text
  sample boolean not null default false
  dunning jsonb not null default '{}'::jsonb
  matching jsonb not null default '{}'::jsonb
  segments jsonb not null default '{}'::jsonb
  segments_on date
  sending jsonb not null default '{}'::jsonb
  stop jsonb
table replay
  organisation_id bigint not null
  replay_id bigint not null identity
  code text not null
  version integer
  definition_sha256 bytea not null
  months smallint not null
  basis text not null
  population text not null
  result jsonb not null
  started_at timestamp with time zone not null
  ended_at timestamp with time zone not null
  actor text not null
table run
  organisation_id bigint not null
  run_id bigint not null identity
  today date not null
  started_at timestamp with time zone not null
  stopped text
  policy jsonb not null
  decision_count bigint not null
  action_count bigint not null
  digest bytea not null
  actor text not null
table scenario
  organisation_id bigint not null
  scenario_id bigint not null identity
  code text not null
  version integer not null
  definition jsonb not null
  created_at timestamp with time zone not null
  created_by text
table scenario_draft
  organisation_id bigint not null
  code text not null
  definition jsonb not null
  based_on integer
  changed_at timestamp with time zone not null
  changed_by text not null
table scenario_retired
  organisation_id bigint not null
  code text not null
  retired_at timestamp with time zone not null
  retired_by text not null
table schema_migration
  version integer not null
  applied_at timestamp with time zone not null default now()
table segment_history
  organisation_id bigint not null
  segment_history_id bigint not null identity
  customer_id bigint not null
  segment text
  because text not null
  facts jsonb not null
  as_of date not null
  recorded_at timestamp with time zone not null
  actor text not null
table send_attempt
  organisation_id bigint not null
  action_id bigint not null
  fence integer not null
  worker text not null
  claimed_at timestamp with time zone not null
  outcome text
  response text
  finished_at timestamp with time zone
  started_at timestamp with time zone default now()
  sent_on date
  domain text
  journal_ref text
  journal_sha256 bytea
table sending_halt
  organisation_id bigint not null
  sending_halt_id bigint not null identity
  cause text not null
  mails integer not null
  bounces integer not null
  complaints integer not null
  opened_at timestamp with time zone not null
  closed_at timestamp with time zone
  closed_by text
  closed_reason text
table sent_elsewhere
  organisation_id bigint not null
  sent_elsewhere_id bigint not null identity
  journal_ref text not null
  outcome text not null
  send jsonb not null
  action_id bigint
  noted_at timestamp with time zone not null
  placed_at timestamp with time zone
table session
  token_hash bytea not null
  user_id bigint not null
  organisation_id bigint not null
  created_at timestamp with time zone not null
  seen_at timestamp with time zone not null
  expires_at timestamp with time zone not null
table sign_in_link
  token_hash bytea not null
  user_id bigint not null
  organisation_id bigint not null
  created_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  used_at timestamp with time zone
table template
  organisation_id bigint not null
  template_id bigint not null identity
  code text not null
  language text not null
  version integer not null
  subject text not null
  body text not null
  created_at timestamp with time zone not null
  created_by text
  removed boolean not null default false
table template_family
  organisation_id bigint not null
  code text not null
  name text not null
  stands_for text not null
  created_at timestamp with time zone not null
  created_by text not null
  retired_at timestamp with time zone
  retired_by text
table webhook
  organisation_id bigint not null
  webhook_id bigint not null identity
  url text not null
  events text[] not null
  secret bytea
  former_until timestamp with time zone
  state text not null
  state_because text not null
  state_at timestamp with time zone not null
  told_to bigint not null
  next_at timestamp with time zone
  fence integer not null default 0
  worker text
  lease_until timestamp with time zone
  last_at timestamp with time zone
  last_outcome text
  last_status smallint
  created_at timestamp with time zone not null
  created_by text not null
  former_secrets bytea[] not null default '{}'::bytea[]
table webhook_call
  organisation_id bigint not null
  webhook_id bigint not null
  seq bigint not null
  part smallint not null
  call_id text not null
  type text not null
  body bytea not null
  made_at timestamp with time zone not null
  tries integer not null default 0
  first_at timestamp with time zone
  started_at timestamp with time zone
  ended_at timestamp with time zone
  outcome text
  status smallint
  may_have_arrived boolean not null default false

-- Constraints
action: action_approvals_needed_check CHECK ((approvals_needed = ANY (ARRAY[1, 2])))
action: action_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'letter'::text, 'registeredLetter'::text, 'sms'::text, 'call'::text, 'visit'::text, 'check'::text])))
action: action_copy CHECK (((purpose = 'copy'::text) = (copy_of IS NOT NULL)))
action: action_purpose_check CHECK ((purpose = ANY (ARRAY['dunning'::text, 'copy'::text, 'thankYou'::text])))
action: action_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text, 'claimed'::text, 'sent'::text, 'delivered'::text, 'bounced'::text, 'replied'::text, 'cancelled'::text, 'failed'::text, 'unknown'::text, 'expired'::text])))
action: action_task_note_check CHECK (((length(task_note) >= 1) AND (length(task_note) <= 2000)))
action: action_test_reaches_nobody CHECK (((NOT test) OR ((sent_on IS NULL) AND (state <> ALL (ARRAY['sent'::text, 'delivered'::text, 'bounced'::text, 'replied'::text])))))
action: action_two_persons CHECK (((approvals_needed = 1) OR (state = ANY (ARRAY['proposed'::text, 'cancelled'::text, 'failed'::text, 'expired'::text])) OR ((first_approved_by IS NOT NULL) AND (approved_by IS NOT NULL) AND (first_approved_by <> approved_by))))
action: action_organisation_id_contact_id_fkey FOREIGN KEY (organisation_id, contact_id) REFERENCES contact(organisation_id, contact_id)
action: action_organisation_id_copy_of_fkey FOREIGN KEY (organisation_id, copy_of) REFERENCES action(organisation_id, action_id)
action: action_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
action: action_organisation_id_run_id_fkey FOREIGN KEY (organisation_id, run_id) REFERENCES run(organisation_id, run_id)
action: action_organisation_id_scenario_id_fkey FOREIGN KEY (organisation_id, scenario_id) REFERENCES scenario(organisation_id, scenario_id)
action: action_pkey PRIMARY KEY (organisation_id, action_id)
action_item: action_item_listed_amount_check CHECK ((listed_amount > 0))
action_item: action_item_organisation_id_action_id_fkey FOREIGN KEY (organisation_id, action_id) REFERENCES action(organisation_id, action_id)
action_item: action_item_organisation_id_item_id_fkey FOREIGN KEY (organisation_id, item_id) REFERENCES item(organisation_id, item_id)
action_item: action_item_pkey PRIMARY KEY (organisation_id, action_id, item_id)
allocation: allocation_amount_check CHECK ((amount <> 0))
allocation: allocation_origin_check CHECK ((origin = ANY (ARRAY['import'::text, 'estimate'::text, 'match'::text, 'person'::text])))
allocation: allocation_sign CHECK (((reverses IS NULL) = (amount > 0)))
allocation: allocation_organisation_id_credit_item_id_fkey FOREIGN KEY (organisation_id, credit_item_id) REFERENCES item(organisation_id, item_id)
allocation: allocation_organisation_id_debit_item_id_fkey FOREIGN KEY (organisation_id, debit_item_id) REFERENCES item(organisation_id, item_id)
allocation: allocation_organisation_id_match_id_fkey FOREIGN KEY (organisation_id, match_id) REFERENCES match(organisation_id, match_id)
allocation: allocation_organisation_id_reverses_fkey FOREIGN KEY (organisation_id, reverses) REFERENCES allocation(organisation_id, allocation_id)
allocation: allocation_pkey PRIMARY KEY (organisation_id, allocation_id)
allocation_vat: allocation_vat_adds_up CHECK ((amount = (base + tax)))
allocation_vat: allocation_vat_organisation_id_allocation_id_fkey FOREIGN KEY (organisation_id, allocation_id) REFERENCES allocation(organisation_id, allocation_id)
allocation_vat: allocation_vat_pkey PRIMARY KEY (organisation_id, allocation_id, ordinal)
app_user: app_user_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254))))
app_user: app_user_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text])))
app_user: app_user_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
app_user: app_user_pkey PRIMARY KEY (user_id)
app_user: app_user_email_key UNIQUE (email)
assignment: assignment_version_check CHECK ((version > 0))
assignment: assignment_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
assignment: assignment_pkey PRIMARY KEY (organisation_id, version)
bank_account: bank_account_account_key_check CHECK (((length(account_key) >= 1) AND (length(account_key) <= 80)))
bank_account: bank_account_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
bank_account: bank_account_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
bank_account: bank_account_pkey PRIMARY KEY (organisation_id, bank_account_id)
bank_account: bank_account_organisation_id_account_key_key UNIQUE (organisation_id, account_key)
bank_line: bank_line_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
bank_line: bank_line_dismissed CHECK ((((dismissed_at IS NULL) = (dismissed_reason IS NULL)) AND ((dismissed_at IS NULL) OR (item_id IS NULL))))
bank_line: bank_line_dismissed_note_check CHECK ((length(dismissed_note) <= 1000))
bank_line: bank_line_entry_part_check CHECK ((entry_part > 0))
bank_line: bank_line_only_booked_is_money CHECK (((item_id IS NULL) OR (status = 'booked'::text)))
bank_line: bank_line_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'pending'::text, 'info'::text])))
bank_line: bank_line_organisation_id_bank_account_id_fkey FOREIGN KEY (organisation_id, bank_account_id) REFERENCES bank_account(organisation_id, bank_account_id)
bank_line: bank_line_organisation_id_bank_statement_id_fkey FOREIGN KEY (organisation_id, bank_statement_id) REFERENCES bank_statement(organisation_id, bank_statement_id)
bank_line: bank_line_organisation_id_item_id_fkey FOREIGN KEY (organisation_id, item_id) REFERENCES item(organisation_id, item_id)
bank_line: bank_line_organisation_id_likely_customer_id_fkey FOREIGN KEY (organisation_id, likely_customer_id) REFERENCES customer(organisation_id, customer_id)
bank_line: bank_line_organisation_id_takes_back_fkey FOREIGN KEY (organisation_id, takes_back) REFERENCES bank_line(organisation_id, bank_line_id)
bank_line: bank_line_pkey PRIMARY KEY (organisation_id, bank_line_id)
bank_statement: bank_statement_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
bank_statement: bank_statement_review_check CHECK ((review = ANY (ARRAY['unbalanced'::text, 'sameNumber'::text])))
bank_statement: bank_statement_organisation_id_bank_account_id_fkey FOREIGN KEY (organisation_id, bank_account_id) REFERENCES bank_account(organisation_id, bank_account_id)
bank_statement: bank_statement_organisation_id_import_id_fkey FOREIGN KEY (organisation_id, import_id) REFERENCES import(organisation_id, import_id)
bank_statement: bank_statement_pkey PRIMARY KEY (organisation_id, bank_statement_id)
bounce: bounce_address_check CHECK (((address = lower(address)) AND ((length(address) >= 3) AND (length(address) <= 254))))
bounce: bounce_diagnostic_check CHECK ((length(diagnostic) <= 500))
bounce: bounce_kind_check CHECK ((kind = ANY (ARRAY['hard'::text, 'blocked'::text, 'soft'::text, 'complaint'::text])))
bounce: bounce_lifted_whole CHECK ((((lifted_at IS NULL) = (lifted_by IS NULL)) AND ((lifted_at IS NULL) = (lifted_reason IS NULL))))
bounce: bounce_source_check CHECK ((source = ANY (ARRAY['smtp'::text, 'report'::text, 'person'::text])))
bounce: bounce_status_check CHECK ((length(status) <= 20))
bounce: bounce_organisation_id_action_id_fkey FOREIGN KEY (organisation_id, action_id) REFERENCES action(organisation_id, action_id)
bounce: bounce_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
bounce: bounce_pkey PRIMARY KEY (organisation_id, bounce_id)
contact: contact_erased CHECK (((erased_at IS NULL) OR ((name IS NULL) AND (email IS NULL) AND (phone IS NULL) AND (removed_at IS NOT NULL))))
contact: contact_erased_because_check CHECK (((length(erased_because) >= 1) AND (length(erased_because) <= 200)))
contact: contact_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
contact: contact_pkey PRIMARY KEY (organisation_id, contact_id)
contact_made: contact_made_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'letter'::text, 'registeredLetter'::text, 'sms'::text, 'call'::text, 'visit'::text])))
contact_made: contact_made_note_check CHECK ((length(note) <= 2000))
contact_made: contact_made_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
contact_made: contact_made_pkey PRIMARY KEY (organisation_id, contact_made_id)
customer: customer_code_check CHECK (((length(code) >= 1) AND (length(code) <= 80)))
customer: customer_kind_check CHECK ((kind = ANY (ARRAY['business'::text, 'consumer'::text, 'public'::text])))
customer: customer_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text])))
customer: customer_name_check CHECK (((length(name) >= 1) AND (length(name) <= 300)))
customer: customer_payer_group_check CHECK (((length(payer_group) >= 1) AND (length(payer_group) <= 80)))
customer: customer_segment_known CHECK ((((segment IS NULL) OR (segment = ANY (ARRAY['goodPayer'::text, 'oftenLate'::text, 'atRisk'::text, 'new'::text, 'publicBuyer'::text, 'consumer'::text]))) AND ((segment_override IS NULL) OR (segment_override = ANY (ARRAY['goodPayer'::text, 'oftenLate'::text, 'atRisk'::text, 'new'::text, 'strategic'::text, 'publicBuyer'::text, 'consumer'::text])))))
customer: customer_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
customer: customer_pkey PRIMARY KEY (organisation_id, customer_id)
decision: decision_organisation_id_run_id_fkey FOREIGN KEY (organisation_id, run_id) REFERENCES run(organisation_id, run_id)
decision: decision_pkey PRIMARY KEY (organisation_id, run_id, item_id)
document: document_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
document: document_decision_check CHECK ((decision = ANY (ARRAY['accepted'::text, 'discarded'::text])))
document: document_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'deposit'::text, 'debitNote'::text, 'creditNote'::text])))
document: document_number_check CHECK (((length(number) >= 1) AND (length(number) <= 200)))
document: document_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
document: document_pkey PRIMARY KEY (organisation_id, document_id)
document_file: document_file_media_type_check CHECK ((media_type = ANY (ARRAY['application/pdf'::text, 'application/xml'::text])))
document_file: document_file_sha256_check CHECK ((length(sha256) = 32))
document_file: document_file_organisation_id_document_id_fkey FOREIGN KEY (organisation_id, document_id) REFERENCES document(organisation_id, document_id)
document_file: document_file_pkey PRIMARY KEY (organisation_id, document_file_id)
document_status: document_status_number_check CHECK (((length(number) >= 1) AND (length(number) <= 200)))
document_status: document_status_status_check CHECK ((status ~ '^[0-9]{3}$'::text))
document_status: document_status_organisation_id_import_id_fkey FOREIGN KEY (organisation_id, import_id) REFERENCES import(organisation_id, import_id)
document_status: document_status_pkey PRIMARY KEY (organisation_id, document_status_id)
entity: entity_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
entity: entity_siren_check CHECK ((siren ~ '^[0-9]{9}$'::text))
entity: entity_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
entity: entity_pkey PRIMARY KEY (organisation_id, entity_id)
entity: entity_organisation_id_code_key UNIQUE (organisation_id, code)
erased_address: erased_address_key_check CHECK ((length(key) = 32))
erased_address: erased_address_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
erased_address: erased_address_pkey PRIMARY KEY (organisation_id, key)
event: event_seq_check CHECK ((seq > 0))
event: event_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
event: event_pkey PRIMARY KEY (organisation_id, seq)
event_head: event_head_hash_check CHECK ((length(hash) = 32))
event_head: event_head_seq_check CHECK ((seq >= 0))
event_head: event_head_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
event_head: event_head_pkey PRIMARY KEY (organisation_id)
fact_before: fact_before_relation_check CHECK ((relation = ANY (ARRAY['profile'::text, 'customer'::text, 'contact'::text, 'item'::text])))
fact_before: fact_before_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
fact_before: fact_before_pkey PRIMARY KEY (organisation_id, fact_before_id)
head_line: head_line_line_check CHECK (((length(line) >= 1) AND (length(line) <= 2000)))
head_line: head_line_seq_check CHECK ((seq > 0))
head_line: head_line_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
head_line: head_line_pkey PRIMARY KEY (organisation_id, seq)
hold: hold_accepted_by_check CHECK (((length(accepted_by) >= 1) AND (length(accepted_by) <= 200)))
hold: hold_amount_check CHECK ((amount > 0))
hold: hold_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'email'::text, 'letter'::text, 'portal'::text, 'inPerson'::text])))
hold: hold_court_check CHECK (((length(court) >= 1) AND (length(court) <= 200)))
hold: hold_court_of_insolvency CHECK (((court IS NULL) OR (kind = 'insolvency'::text)))
hold: hold_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
hold: hold_grace_days_check CHECK (((grace_days >= 0) AND (grace_days <= 60)))
hold: hold_kind_check CHECK ((kind = ANY (ARRAY['dispute'::text, 'promise'::text, 'plan'::text, 'pause'::text, 'insolvency'::text])))
hold: hold_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'partly'::text, 'rejected'::text])))
hold: hold_outcome_of_dispute CHECK (((outcome IS NULL) OR ((kind = 'dispute'::text) AND (outcome_on IS NOT NULL))))
hold: hold_owner_email_check CHECK (((length(owner_email) >= 3) AND (length(owner_email) <= 254)))
hold: hold_owner_name_check CHECK (((length(owner_name) >= 1) AND (length(owner_name) <= 200)))
hold: hold_promise_has_day CHECK (((kind <> 'promise'::text) OR (until_on IS NOT NULL)))
hold: hold_promised_by_check CHECK (((length(promised_by) >= 1) AND (length(promised_by) <= 200)))
hold: hold_state_check CHECK ((state = ANY (ARRAY['open'::text, 'kept'::text, 'partly'::text, 'broken'::text, 'proposed'::text, 'current'::text, 'late'::text, 'defaulted'::text, 'completed'::text, 'awaitingCredit'::text, 'creditLate'::text, 'paid'::text, 'credited'::text, 'rejected'::text, 'over'::text, 'ended'::text])))
hold: hold_organisation_id_carried_from_fkey FOREIGN KEY (organisation_id, carried_from) REFERENCES hold(organisation_id, hold_id)
hold: hold_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
hold: hold_organisation_id_document_status_id_fkey FOREIGN KEY (organisation_id, document_status_id) REFERENCES document_status(organisation_id, document_status_id)
hold: hold_organisation_id_item_id_fkey FOREIGN KEY (organisation_id, item_id) REFERENCES item(organisation_id, item_id)
hold: hold_organisation_id_replaces_fkey FOREIGN KEY (organisation_id, replaces) REFERENCES hold(organisation_id, hold_id)
hold: hold_pkey PRIMARY KEY (organisation_id, hold_id)
hold_comment: hold_comment_body_check CHECK (((length(body) >= 1) AND (length(body) <= 4000)))
hold_comment: hold_comment_organisation_id_hold_id_fkey FOREIGN KEY (organisation_id, hold_id) REFERENCES hold(organisation_id, hold_id)
hold_comment: hold_comment_pkey PRIMARY KEY (organisation_id, hold_comment_id)
hold_file: hold_file_content_check CHECK (((octet_length(content) >= 1) AND (octet_length(content) <= 10485760)))
hold_file: hold_file_file_name_check CHECK (((length(file_name) >= 1) AND (length(file_name) <= 200)))
hold_file: hold_file_sha256_check CHECK ((length(sha256) = 32))
hold_file: hold_file_organisation_id_hold_id_fkey FOREIGN KEY (organisation_id, hold_id) REFERENCES hold(organisation_id, hold_id)
hold_file: hold_file_pkey PRIMARY KEY (organisation_id, hold_file_id)
hold_instalment: hold_instalment_amount_check CHECK ((amount > 0))
hold_instalment: hold_instalment_ordinal_check CHECK (((ordinal >= 1) AND (ordinal <= 60)))
hold_instalment: hold_instalment_organisation_id_hold_id_fkey FOREIGN KEY (organisation_id, hold_id) REFERENCES hold(organisation_id, hold_id)
hold_instalment: hold_instalment_pkey PRIMARY KEY (organisation_id, hold_id, ordinal)
hold_instalment: plan_sums TRIGGER DEFERRABLE INITIALLY DEFERRED
hold_item: hold_item_open_amount_check CHECK ((open_amount >= 0))
hold_item: hold_item_organisation_id_carried_from_fkey FOREIGN KEY (organisation_id, carried_from) REFERENCES item(organisation_id, item_id)
hold_item: hold_item_organisation_id_hold_id_fkey FOREIGN KEY (organisation_id, hold_id) REFERENCES hold(organisation_id, hold_id)
hold_item: hold_item_organisation_id_item_id_fkey FOREIGN KEY (organisation_id, item_id) REFERENCES item(organisation_id, item_id)
hold_item: hold_item_pkey PRIMARY KEY (organisation_id, hold_id, item_id)
hold_item: plan_sums TRIGGER DEFERRABLE INITIALLY DEFERRED
hold_out: hold_out_ended_whole CHECK ((((ended_at IS NULL) = (ended_on IS NULL)) AND ((ended_at IS NULL) = (ended_by IS NULL))))
hold_out: hold_out_seed_check CHECK (((seed >= 0) AND (seed <= '4294967295'::bigint)))
hold_out: hold_out_share_percent_check CHECK (((share_percent >= 1) AND (share_percent <= 50)))
hold_out: hold_out_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
hold_out: hold_out_organisation_id_former_scenario_id_fkey FOREIGN KEY (organisation_id, former_scenario_id) REFERENCES scenario(organisation_id, scenario_id)
hold_out: hold_out_pkey PRIMARY KEY (organisation_id, hold_out_id)
hold_out_customer: hold_out_customer_arm_check CHECK ((arm = ANY (ARRAY['new'::text, 'former'::text])))
hold_out_customer: hold_out_customer_left_because_check CHECK ((left_because = ANY (ARRAY['customerScenario'::text, 'itemScenario'::text])))
hold_out_customer: hold_out_left_whole CHECK (((left_at IS NULL) = (left_because IS NULL)))
hold_out_customer: hold_out_customer_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
hold_out_customer: hold_out_customer_organisation_id_hold_out_id_fkey FOREIGN KEY (organisation_id, hold_out_id) REFERENCES hold_out(organisation_id, hold_out_id)
hold_out_customer: hold_out_customer_pkey PRIMARY KEY (organisation_id, hold_out_id, customer_id)
hold_step: hold_step_code_check CHECK (((length(code) >= 1) AND (length(code) <= 60)))
hold_step: hold_step_done CHECK (((done_at IS NULL) = (done_by IS NULL)))
hold_step: hold_step_organisation_id_hold_id_fkey FOREIGN KEY (organisation_id, hold_id) REFERENCES hold(organisation_id, hold_id)
hold_step: hold_step_pkey PRIMARY KEY (organisation_id, hold_id, code)
import: import_sha256_check CHECK ((length(sha256) = 32))
import: import_status_check CHECK ((status = ANY (ARRAY['applied'::text, 'undone'::text])))
import: import_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
import: import_pkey PRIMARY KEY (organisation_id, import_id)
import_change: import_change_relation_check CHECK ((relation = ANY (ARRAY['customer'::text, 'item'::text, 'bankLine'::text])))
import_change: import_change_organisation_id_import_id_fkey FOREIGN KEY (organisation_id, import_id) REFERENCES import(organisation_id, import_id)
import_change: import_change_pkey PRIMARY KEY (organisation_id, import_id, relation, row_id)
import_mapping: import_mapping_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
import_mapping: import_mapping_pkey PRIMARY KEY (organisation_id, source_key)
import_problem: import_problem_severity_check CHECK ((severity = ANY (ARRAY['error'::text, 'warning'::text])))
import_problem: import_problem_organisation_id_import_id_fkey FOREIGN KEY (organisation_id, import_id) REFERENCES import(organisation_id, import_id)
import_problem: import_problem_pkey PRIMARY KEY (organisation_id, import_id, ordinal)
installation: installation_frozen CHECK (((frozen_at IS NULL) = (frozen_because IS NULL)))
installation: installation_frozen_because_check CHECK ((frozen_because = ANY (ARRAY['restored'::text, 'copied'::text, 'failedOver'::text, 'journalAhead'::text, 'journalMissing'::text, 'journalCopied'::text, 'person'::text])))
installation: installation_only_row_check CHECK (only_row)
installation: installation_pkey PRIMARY KEY (only_row)
installation_freeze: freeze_ended_whole CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((ended_at IS NULL) = (ended_how IS NULL)) AND ((ended_at IS NULL) = (ended_reason IS NULL))))
installation_freeze: installation_freeze_because_check CHECK ((because = ANY (ARRAY['restored'::text, 'copied'::text, 'failedOver'::text, 'journalAhead'::text, 'journalMissing'::text, 'journalCopied'::text, 'person'::text])))
installation_freeze: installation_freeze_ended_how_check CHECK ((ended_how = ANY (ARRAY['applied'::text, 'adopted'::text, 'restored'::text])))
installation_freeze: installation_freeze_ended_reason_check CHECK (((length(ended_reason) >= 1) AND (length(ended_reason) <= 500)))
installation_freeze: installation_freeze_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
installation_freeze: installation_freeze_pkey PRIMARY KEY (freeze_id)
item: item_allocated_fits CHECK (((allocated >= 0) AND (allocated <= amount)))
item: item_amount_check CHECK ((amount > 0))
item: item_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
item: item_debit_has_due_day CHECK (((side = 'credit'::text) OR (due_on IS NOT NULL)))
item: item_due_source_check CHECK ((due_source = ANY (ARRAY['file'::text, 'terms'::text, 'person'::text, 'none'::text])))
item: item_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'deposit'::text, 'debitNote'::text, 'creditNote'::text, 'receipt'::text, 'refund'::text, 'opening'::text, 'other'::text, 'writeOff'::text])))
item: item_side_check CHECK ((side = ANY (ARRAY['debit'::text, 'credit'::text])))
item: item_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
item: item_pkey PRIMARY KEY (organisation_id, item_id)
match: match_confidence_check CHECK (((confidence >= 0) AND (confidence <= 100)))
match: match_note_check CHECK ((length(note) <= 1000))
match: match_organisation_id_bank_line_id_fkey FOREIGN KEY (organisation_id, bank_line_id) REFERENCES bank_line(organisation_id, bank_line_id)
match: match_organisation_id_credit_item_id_fkey FOREIGN KEY (organisation_id, credit_item_id) REFERENCES item(organisation_id, item_id)
match: match_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
match: match_organisation_id_gesture_id_fkey FOREIGN KEY (organisation_id, gesture_id) REFERENCES match(organisation_id, match_id)
match: match_organisation_id_overruled_by_fkey FOREIGN KEY (organisation_id, overruled_by) REFERENCES import(organisation_id, import_id)
match: match_organisation_id_write_off_item_id_fkey FOREIGN KEY (organisation_id, write_off_item_id) REFERENCES item(organisation_id, item_id)
match: match_pkey PRIMARY KEY (organisation_id, match_id)
membership: membership_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'collector'::text, 'reader'::text])))
membership: membership_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
membership: membership_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(user_id)
membership: membership_pkey PRIMARY KEY (organisation_id, user_id)
message: message_mime_without_null CHECK ((POSITION(('\x00'::bytea) IN (mime)) = 0))
message: message_salt_check CHECK ((length(salt) = 16))
message: message_template_check CHECK (((length(template) >= 1) AND (length(template) <= 120)))
message: message_whole_or_erased CHECK (
CASE
    WHEN (erased_at IS NULL) THEN (((mime IS NOT NULL) OR (pdf IS NOT NULL)) AND (salt IS NOT NULL))
    ELSE ((recipient = ''::text) AND (subject = ''::text) AND (body = ''::text) AND (mime IS NULL) AND (mime_sha256 IS NULL) AND (pdf IS NULL) AND (pdf_sha256 IS NULL) AND (model = '{}'::jsonb) AND (salt IS NULL))
END)
message: message_organisation_id_action_id_fkey FOREIGN KEY (organisation_id, action_id) REFERENCES action(organisation_id, action_id)
message: message_pkey PRIMARY KEY (organisation_id, action_id)
message: message_organisation_id_header_id_key UNIQUE (organisation_id, header_id)
organisation: organisation_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text))
organisation: organisation_pkey PRIMARY KEY (organisation_id)
organisation: organisation_code_key UNIQUE (code)
payer_memory: payer_memory_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)))
payer_memory: payer_memory_kind_check CHECK ((kind = ANY (ARRAY['iban'::text, 'label'::text])))
payer_memory: payer_memory_times_check CHECK ((times > 0))
payer_memory: payer_memory_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
payer_memory: payer_memory_pkey PRIMARY KEY (organisation_id, kind, key, customer_id)
payer_refusal: payer_refusal_key_check CHECK (((length(key) >= 1) AND (length(key) <= 300)))
payer_refusal: payer_refusal_times_check CHECK ((times > 0))
payer_refusal: payer_refusal_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
payer_refusal: payer_refusal_pkey PRIMARY KEY (organisation_id, key)
profile: profile_country_check CHECK ((country ~ '^[A-Z]{2}$'::text))
profile: profile_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
profile: profile_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text])))
profile: profile_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
profile: profile_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
profile: profile_pkey PRIMARY KEY (organisation_id)
replay: replay_basis_check CHECK ((basis = ANY (ARRAY['known'::text, 'dated'::text])))
replay: replay_months_check CHECK (((months >= 1) AND (months <= 24)))
replay: replay_population_check CHECK ((population = ANY (ARRAY['assigned'::text, 'everybody'::text])))
replay: replay_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
replay: replay_pkey PRIMARY KEY (organisation_id, replay_id)
run: run_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
run: run_pkey PRIMARY KEY (organisation_id, run_id)
scenario: scenario_version_check CHECK ((version > 0))
scenario: scenario_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
scenario: scenario_pkey PRIMARY KEY (organisation_id, scenario_id)
scenario: scenario_organisation_id_code_version_key UNIQUE (organisation_id, code, version)
scenario_draft: scenario_draft_code_check CHECK (((length(code) >= 1) AND (length(code) <= 40)))
scenario_draft: scenario_draft_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
scenario_draft: scenario_draft_pkey PRIMARY KEY (organisation_id, code)
scenario_retired: scenario_retired_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
scenario_retired: scenario_retired_pkey PRIMARY KEY (organisation_id, code)
schema_migration: schema_migration_pkey PRIMARY KEY (version)
segment_history: segment_history_organisation_id_customer_id_fkey FOREIGN KEY (organisation_id, customer_id) REFERENCES customer(organisation_id, customer_id)
segment_history: segment_history_pkey PRIMARY KEY (organisation_id, segment_history_id)
send_attempt: attempt_finished CHECK (((outcome IS NULL) = (finished_at IS NULL)))
send_attempt: attempt_not_started_is_released CHECK (((outcome IS NULL) OR ((started_at IS NULL) = (outcome = 'released'::text))))
send_attempt: attempt_of_journal CHECK (((journal_sha256 IS NULL) OR (journal_ref IS NOT NULL)))
send_attempt: send_attempt_journal_ref_check CHECK (((length(journal_ref) >= 1) AND (length(journal_ref) <= 200)))
send_attempt: send_attempt_journal_sha256_check CHECK ((length(journal_sha256) = 32))
send_attempt: send_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'unknown'::text, 'released'::text])))
send_attempt: send_attempt_organisation_id_action_id_fkey FOREIGN KEY (organisation_id, action_id) REFERENCES action(organisation_id, action_id)
send_attempt: send_attempt_pkey PRIMARY KEY (organisation_id, action_id, fence)
sending_halt: halt_closed_whole CHECK ((((closed_at IS NULL) = (closed_by IS NULL)) AND ((closed_at IS NULL) = (closed_reason IS NULL))))
sending_halt: sending_halt_cause_check CHECK ((cause = ANY (ARRAY['bounces'::text, 'complaints'::text])))
sending_halt: sending_halt_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
sending_halt: sending_halt_pkey PRIMARY KEY (organisation_id, sending_halt_id)
sent_elsewhere: sent_elsewhere_journal_ref_check CHECK (((length(journal_ref) >= 1) AND (length(journal_ref) <= 200)))
sent_elsewhere: sent_elsewhere_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'unknown'::text])))
sent_elsewhere: sent_elsewhere_organisation_id_action_id_fkey FOREIGN KEY (organisation_id, action_id) REFERENCES action(organisation_id, action_id)
sent_elsewhere: sent_elsewhere_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
sent_elsewhere: sent_elsewhere_pkey PRIMARY KEY (organisation_id, sent_elsewhere_id)
session: session_token_hash_check CHECK ((length(token_hash) = 32))
session: session_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
session: session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(user_id)
session: session_pkey PRIMARY KEY (token_hash)
sign_in_link: sign_in_link_token_hash_check CHECK ((length(token_hash) = 32))
sign_in_link: sign_in_link_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
sign_in_link: sign_in_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(user_id)
sign_in_link: sign_in_link_pkey PRIMARY KEY (token_hash)
template: template_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text])))
template: template_version_check CHECK ((version > 0))
template: template_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
template: template_pkey PRIMARY KEY (organisation_id, template_id)
template: template_organisation_id_code_language_version_key UNIQUE (organisation_id, code, language, version)
template_family: template_family_code_check CHECK ((code ~ '^[a-z][a-z0-9-]{0,39}$'::text))
template_family: template_family_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120)))
template_family: template_family_retired_whole CHECK (((retired_at IS NULL) = (retired_by IS NULL)))
template_family: template_family_stands_for_check CHECK ((stands_for = ANY (ARRAY['preDue'::text, 'reminder1'::text, 'reminder2'::text, 'reminder3'::text, 'formalNotice'::text, 'thankYou'::text])))
template_family: template_family_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
template_family: template_family_pkey PRIMARY KEY (organisation_id, code)
webhook: webhook_events_check CHECK (((cardinality(events) >= 1) AND (cardinality(events) <= 100)))
webhook: webhook_former_whole CHECK (((cardinality(former_secrets) = 0) = (former_until IS NULL)))
webhook: webhook_removed_without_secret CHECK (((state = 'removed'::text) = (secret IS NULL)))
webhook: webhook_secret_check CHECK (((length(secret) >= 24) AND (length(secret) <= 64)))
webhook: webhook_state_because_check CHECK ((state_because = ANY (ARRAY['person'::text, 'gone'::text, 'failing'::text, 'unsure'::text, 'restored'::text])))
webhook: webhook_state_check CHECK ((state = ANY (ARRAY['on'::text, 'off'::text, 'removed'::text])))
webhook: webhook_url_check CHECK (((length(url) >= 1) AND (length(url) <= 2048)))
webhook: webhook_worker_whole CHECK (((worker IS NULL) = (lease_until IS NULL)))
webhook: webhook_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
webhook: webhook_pkey PRIMARY KEY (organisation_id, webhook_id)
webhook_call: webhook_call_call_id_check CHECK ((call_id ~ '^evt_[0-9a-f]{40}$'::text))
webhook_call: webhook_call_outcome_check CHECK ((outcome = ANY (ARRAY['taken'::text, 'refused'::text, 'timeout'::text, 'broken'::text, 'lost'::text, 'connection'::text, 'tls'::text, 'dns'::text, 'address'::text, 'skipped'::text])))
webhook_call: webhook_call_part_check CHECK ((part >= 1))
webhook_call: webhook_call_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
webhook_call: webhook_call_organisation_id_webhook_id_fkey FOREIGN KEY (organisation_id, webhook_id) REFERENCES webhook(organisation_id, webhook_id)
webhook_call: webhook_call_pkey PRIMARY KEY (organisation_id, webhook_id, seq, part)

-- Indexes
CREATE INDEX action_anchored ON public.action USING btree (organisation_id, anchor_item_id)
CREATE INDEX action_by_state ON public.action USING btree (organisation_id, state, action_id)
CREATE INDEX action_copies ON public.action USING btree (organisation_id, copy_of) WHERE (copy_of IS NOT NULL)
CREATE INDEX action_of_customer ON public.action USING btree (organisation_id, customer_id, action_id)
CREATE UNIQUE INDEX action_one_live_intent ON public.action USING btree (organisation_id, action_key) WHERE (state <> ALL (ARRAY['cancelled'::text, 'failed'::text, 'expired'::text]))
CREATE UNIQUE INDEX action_pkey ON public.action USING btree (organisation_id, action_id)
CREATE INDEX action_thanks ON public.action USING btree (organisation_id, state_at) WHERE (purpose = 'thankYou'::text)
CREATE UNIQUE INDEX action_item_pkey ON public.action_item USING btree (organisation_id, action_id, item_id)
CREATE INDEX action_of_item ON public.action_item USING btree (organisation_id, item_id)
CREATE INDEX allocation_by_day ON public.allocation USING btree (organisation_id, effective_on) INCLUDE (debit_item_id, credit_item_id, amount)
CREATE INDEX allocation_by_import ON public.allocation USING brin (organisation_id, import_id) WITH (pages_per_range='32', autosummarize='on')
CREATE INDEX allocation_of_credit ON public.allocation USING btree (organisation_id, credit_item_id)
CREATE INDEX allocation_of_debit ON public.allocation USING btree (organisation_id, debit_item_id)
CREATE INDEX allocation_of_match ON public.allocation USING btree (organisation_id, match_id) WHERE (match_id IS NOT NULL)
CREATE UNIQUE INDEX allocation_pkey ON public.allocation USING btree (organisation_id, allocation_id)
CREATE UNIQUE INDEX allocation_reversed_once ON public.allocation USING btree (organisation_id, reverses) WHERE (reverses IS NOT NULL)
CREATE UNIQUE INDEX allocation_vat_pkey ON public.allocation_vat USING btree (organisation_id, allocation_id, ordinal)
CREATE UNIQUE INDEX app_user_email_key ON public.app_user USING btree (email)
CREATE UNIQUE INDEX app_user_pkey ON public.app_user USING btree (user_id)
CREATE UNIQUE INDEX assignment_pkey ON public.assignment USING btree (organisation_id, version)
CREATE UNIQUE INDEX bank_account_organisation_id_account_key_key ON public.bank_account USING btree (organisation_id, account_key)
CREATE UNIQUE INDEX bank_account_pkey ON public.bank_account USING btree (organisation_id, bank_account_id)
CREATE INDEX bank_line_by_day ON public.bank_line USING btree (organisation_id, bank_account_id, booked_on, entry_amount)
CREATE INDEX bank_line_by_import ON public.bank_line USING brin (organisation_id, import_id) WITH (pages_per_range='32', autosummarize='on')
CREATE INDEX bank_line_by_statement ON public.bank_line USING btree (organisation_id, bank_statement_id)
CREATE INDEX bank_line_dismissed_at ON public.bank_line USING btree (organisation_id, dismissed_at, bank_line_id) WHERE ((dismissed_at IS NOT NULL) AND (voided_at IS NULL))
CREATE INDEX bank_line_end_to_end ON public.bank_line USING btree (organisation_id, end_to_end_id) WHERE (end_to_end_id IS NOT NULL)
CREATE UNIQUE INDEX bank_line_key ON public.bank_line USING btree (organisation_id, bank_account_id, entry_key, entry_part) WHERE (voided_at IS NULL)
CREATE INDEX bank_line_likely ON public.bank_line USING btree (organisation_id, likely_customer_id) WHERE ((likely_customer_id IS NOT NULL) AND (item_id IS NULL) AND (dismissed_at IS NULL) AND (voided_at IS NULL))
CREATE INDEX bank_line_of_item ON public.bank_line USING btree (organisation_id, item_id) WHERE (item_id IS NOT NULL)
CREATE UNIQUE INDEX bank_line_pkey ON public.bank_line USING btree (organisation_id, bank_line_id)
CREATE UNIQUE INDEX bank_line_taken_back_once ON public.bank_line USING btree (organisation_id, takes_back) WHERE ((takes_back IS NOT NULL) AND (voided_at IS NULL))
CREATE INDEX bank_line_to_match ON public.bank_line USING btree (organisation_id, booked_on, bank_line_id) WHERE ((item_id IS NULL) AND (dismissed_at IS NULL) AND (takes_back IS NULL) AND (voided_at IS NULL) AND (status = 'booked'::text))
CREATE INDEX bank_statement_of_account ON public.bank_statement USING btree (organisation_id, bank_account_id, until_on)
CREATE UNIQUE INDEX bank_statement_of_import ON public.bank_statement USING btree (organisation_id, import_id, ordinal)
CREATE UNIQUE INDEX bank_statement_pkey ON public.bank_statement USING btree (organisation_id, bank_statement_id)
CREATE INDEX bounce_of_address ON public.bounce USING btree (organisation_id, address) WHERE (lifted_at IS NULL)
CREATE UNIQUE INDEX bounce_once ON public.bounce USING btree (organisation_id, action_id, kind) WHERE (action_id IS NOT NULL)
CREATE UNIQUE INDEX bounce_pkey ON public.bounce USING btree (organisation_id, bounce_id)
CREATE INDEX contact_by_address ON public.contact USING btree (organisation_id, lower(email)) WHERE (email IS NOT NULL)
CREATE UNIQUE INDEX contact_email ON public.contact USING btree (organisation_id, customer_id, email) WHERE (removed_at IS NULL)
CREATE INDEX contact_of_customer ON public.contact USING btree (organisation_id, customer_id)
CREATE UNIQUE INDEX contact_pkey ON public.contact USING btree (organisation_id, contact_id)
CREATE INDEX contact_refusing_mail ON public.contact USING btree (organisation_id, lower(email)) WHERE ('email'::text = ANY (refused_channels))
CREATE UNIQUE INDEX contact_made_pkey ON public.contact_made USING btree (organisation_id, contact_made_id)
CREATE INDEX contact_made_with_customer ON public.contact_made USING btree (organisation_id, customer_id, made_on)
CREATE INDEX customer_by_segment ON public.customer USING btree (organisation_id, COALESCE(segment_override, segment))
CREATE UNIQUE INDEX customer_code ON public.customer USING btree (organisation_id, code) WHERE (voided_at IS NULL)
CREATE INDEX customer_name ON public.customer USING btree (organisation_id, name)
CREATE UNIQUE INDEX customer_pkey ON public.customer USING btree (organisation_id, customer_id)
CREATE INDEX customer_siren ON public.customer USING btree (organisation_id, siren) WHERE ((siren IS NOT NULL) AND (voided_at IS NULL))
CREATE INDEX customer_vat ON public.customer USING btree (organisation_id, vat_number) WHERE ((vat_number IS NOT NULL) AND (voided_at IS NULL))
CREATE INDEX customer_with_scenario ON public.customer USING btree (organisation_id, scenario_code) WHERE (scenario_code IS NOT NULL)
CREATE INDEX decision_of_item ON public.decision USING btree (organisation_id, item_id, run_id)
CREATE UNIQUE INDEX decision_pkey ON public.decision USING btree (organisation_id, run_id, item_id)
CREATE INDEX document_by_import ON public.document USING btree (organisation_id, import_id)
CREATE INDEX document_by_number ON public.document USING btree (organisation_id, number)
CREATE INDEX document_of_customer ON public.document USING btree (organisation_id, customer_id)
CREATE UNIQUE INDEX document_once ON public.document USING btree (organisation_id, number, issued_on, kind) WHERE ((voided_at IS NULL) AND (review = '{}'::text[]))
CREATE UNIQUE INDEX document_pkey ON public.document USING btree (organisation_id, document_id)
CREATE INDEX document_file_of_document ON public.document_file USING btree (organisation_id, document_id)
CREATE UNIQUE INDEX document_file_pkey ON public.document_file USING btree (organisation_id, document_file_id)
CREATE INDEX document_status_by_import ON public.document_status USING btree (organisation_id, import_id)
CREATE INDEX document_status_by_number ON public.document_status USING btree (organisation_id, number, stated_on)
CREATE UNIQUE INDEX document_status_pkey ON public.document_status USING btree (organisation_id, document_status_id)
CREATE UNIQUE INDEX entity_organisation_id_code_key ON public.entity USING btree (organisation_id, code)
CREATE UNIQUE INDEX entity_pkey ON public.entity USING btree (organisation_id, entity_id)
CREATE UNIQUE INDEX erased_address_pkey ON public.erased_address USING btree (organisation_id, key)
CREATE INDEX event_by_subject ON public.event USING btree (organisation_id, subject, seq)
CREATE UNIQUE INDEX event_pkey ON public.event USING btree (organisation_id, seq)
CREATE UNIQUE INDEX event_head_pkey ON public.event_head USING btree (organisation_id)
CREATE INDEX fact_before_of_row ON public.fact_before USING btree (organisation_id, relation, row_id, changed_at)
CREATE UNIQUE INDEX fact_before_pkey ON public.fact_before USING btree (organisation_id, fact_before_id)
CREATE UNIQUE INDEX head_line_pkey ON public.head_line USING btree (organisation_id, seq)
CREATE INDEX hold_carried ON public.hold USING btree (organisation_id, carried_from) WHERE (carried_from IS NOT NULL)
CREATE INDEX hold_ended ON public.hold USING btree (organisation_id, ended_on) WHERE (ended_on IS NOT NULL)
CREATE INDEX hold_in_force ON public.hold USING btree (organisation_id, kind, hold_id) WHERE (ended_on IS NULL)
CREATE INDEX hold_of_customer ON public.hold USING btree (organisation_id, customer_id)
CREATE INDEX hold_of_item ON public.hold USING btree (organisation_id, item_id) WHERE (item_id IS NOT NULL)
CREATE INDEX hold_of_status ON public.hold USING btree (organisation_id, document_status_id) WHERE (document_status_id IS NOT NULL)
CREATE UNIQUE INDEX hold_pkey ON public.hold USING btree (organisation_id, hold_id)
CREATE INDEX hold_comment_of_hold ON public.hold_comment USING btree (organisation_id, hold_id, hold_comment_id)
CREATE UNIQUE INDEX hold_comment_pkey ON public.hold_comment USING btree (organisation_id, hold_comment_id)
CREATE INDEX hold_file_of_hold ON public.hold_file USING btree (organisation_id, hold_id, hold_file_id)
CREATE UNIQUE INDEX hold_file_pkey ON public.hold_file USING btree (organisation_id, hold_file_id)
CREATE UNIQUE INDEX hold_instalment_pkey ON public.hold_instalment USING btree (organisation_id, hold_id, ordinal)
CREATE INDEX hold_item_of_item ON public.hold_item USING btree (organisation_id, item_id)
CREATE UNIQUE INDEX hold_item_pkey ON public.hold_item USING btree (organisation_id, hold_id, item_id)
CREATE UNIQUE INDEX hold_out_one_at_a_time ON public.hold_out USING btree (organisation_id, code) WHERE (ended_at IS NULL)
CREATE UNIQUE INDEX hold_out_pkey ON public.hold_out USING btree (organisation_id, hold_out_id)
CREATE UNIQUE INDEX hold_out_customer_pkey ON public.hold_out_customer USING btree (organisation_id, hold_out_id, customer_id)
CREATE INDEX hold_out_of_customer ON public.hold_out_customer USING btree (organisation_id, customer_id) WHERE (left_at IS NOT NULL)
CREATE UNIQUE INDEX hold_step_pkey ON public.hold_step USING btree (organisation_id, hold_id, code)
CREATE INDEX import_by_source ON public.import USING btree (organisation_id, source, import_id)
CREATE UNIQUE INDEX import_once ON public.import USING btree (organisation_id, sha256) WHERE (status = 'applied'::text)
CREATE UNIQUE INDEX import_pkey ON public.import USING btree (organisation_id, import_id)
CREATE UNIQUE INDEX import_change_pkey ON public.import_change USING btree (organisation_id, import_id, relation, row_id)
CREATE UNIQUE INDEX import_mapping_pkey ON public.import_mapping USING btree (organisation_id, source_key)
CREATE UNIQUE INDEX import_problem_pkey ON public.import_problem USING btree (organisation_id, import_id, ordinal)
CREATE UNIQUE INDEX installation_pkey ON public.installation USING btree (only_row)
CREATE UNIQUE INDEX installation_freeze_one_open ON public.installation_freeze USING btree ((true)) WHERE (ended_at IS NULL)
CREATE UNIQUE INDEX installation_freeze_pkey ON public.installation_freeze USING btree (freeze_id)
CREATE INDEX item_by_customer ON public.item USING btree (organisation_id, customer_id, issued_on)
CREATE INDEX item_by_document ON public.item USING btree (organisation_id, document) WHERE (document IS NOT NULL)
CREATE INDEX item_by_import ON public.item USING brin (organisation_id, import_id) WITH (pages_per_range='32', autosummarize='on')
CREATE INDEX item_loose_credit ON public.item USING btree (organisation_id, issued_on, item_id) WHERE ((side = 'credit'::text) AND (allocated < amount) AND (voided_at IS NULL))
CREATE UNIQUE INDEX item_natural_key ON public.item USING btree (organisation_id, natural_key) WHERE (voided_at IS NULL)
CREATE INDEX item_open ON public.item USING btree (organisation_id, customer_id) INCLUDE (side, due_on, currency, amount, allocated) WHERE ((allocated < amount) AND (voided_at IS NULL))
CREATE UNIQUE INDEX item_pkey ON public.item USING btree (organisation_id, item_id)
CREATE INDEX item_with_scenario ON public.item USING btree (organisation_id, scenario_code) WHERE (scenario_code IS NOT NULL)
CREATE INDEX match_of_credit ON public.match USING btree (organisation_id, credit_item_id)
CREATE INDEX match_of_gesture ON public.match USING btree (organisation_id, gesture_id) WHERE (gesture_id IS NOT NULL)
CREATE INDEX match_of_line ON public.match USING btree (organisation_id, bank_line_id) WHERE (bank_line_id IS NOT NULL)
CREATE INDEX match_overruled ON public.match USING btree (organisation_id, overruled_by) WHERE (overruled_by IS NOT NULL)
CREATE UNIQUE INDEX match_pkey ON public.match USING btree (organisation_id, match_id)
CREATE INDEX membership_of_user ON public.membership USING btree (user_id)
CREATE UNIQUE INDEX membership_pkey ON public.membership USING btree (organisation_id, user_id)
CREATE UNIQUE INDEX message_organisation_id_header_id_key ON public.message USING btree (organisation_id, header_id)
CREATE UNIQUE INDEX message_pkey ON public.message USING btree (organisation_id, action_id)
CREATE UNIQUE INDEX organisation_code_key ON public.organisation USING btree (code)
CREATE UNIQUE INDEX organisation_pkey ON public.organisation USING btree (organisation_id)
CREATE UNIQUE INDEX payer_memory_pkey ON public.payer_memory USING btree (organisation_id, kind, key, customer_id)
CREATE UNIQUE INDEX payer_refusal_pkey ON public.payer_refusal USING btree (organisation_id, key)
CREATE UNIQUE INDEX profile_pkey ON public.profile USING btree (organisation_id)
CREATE INDEX replay_of_scenario ON public.replay USING btree (organisation_id, code, replay_id DESC)
CREATE UNIQUE INDEX replay_pkey ON public.replay USING btree (organisation_id, replay_id)
CREATE INDEX run_by_day ON public.run USING btree (organisation_id, today, run_id)
CREATE UNIQUE INDEX run_pkey ON public.run USING btree (organisation_id, run_id)
CREATE UNIQUE INDEX scenario_organisation_id_code_version_key ON public.scenario USING btree (organisation_id, code, version)
CREATE UNIQUE INDEX scenario_pkey ON public.scenario USING btree (organisation_id, scenario_id)
CREATE UNIQUE INDEX scenario_draft_pkey ON public.scenario_draft USING btree (organisation_id, code)
CREATE UNIQUE INDEX scenario_retired_pkey ON public.scenario_retired USING btree (organisation_id, code)
CREATE UNIQUE INDEX schema_migration_pkey ON public.schema_migration USING btree (version)
CREATE INDEX segment_history_of_customer ON public.segment_history USING btree (organisation_id, customer_id, segment_history_id)
CREATE UNIQUE INDEX segment_history_pkey ON public.segment_history USING btree (organisation_id, segment_history_id)
CREATE INDEX send_attempt_by_time ON public.send_attempt USING btree (organisation_id, claimed_at) WHERE (domain IS NOT NULL)
CREATE UNIQUE INDEX send_attempt_of_journal ON public.send_attempt USING btree (organisation_id, journal_ref) WHERE (journal_ref IS NOT NULL)
CREATE UNIQUE INDEX send_attempt_pkey ON public.send_attempt USING btree (organisation_id, action_id, fence)
CREATE UNIQUE INDEX sending_halt_one_open ON public.sending_halt USING btree (organisation_id) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX sending_halt_pkey ON public.sending_halt USING btree (organisation_id, sending_halt_id)
CREATE UNIQUE INDEX sent_elsewhere_once ON public.sent_elsewhere USING btree (organisation_id, journal_ref)
CREATE UNIQUE INDEX sent_elsewhere_pkey ON public.sent_elsewhere USING btree (organisation_id, sent_elsewhere_id)
CREATE INDEX sent_elsewhere_waiting ON public.sent_elsewhere USING btree (organisation_id) WHERE (placed_at IS NULL)
CREATE INDEX session_of_user ON public.session USING btree (user_id)
CREATE UNIQUE INDEX session_pkey ON public.session USING btree (token_hash)
CREATE UNIQUE INDEX sign_in_link_pkey ON public.sign_in_link USING btree (token_hash)
CREATE UNIQUE INDEX template_organisation_id_code_language_version_key ON public.template USING btree (organisation_id, code, language, version)
CREATE UNIQUE INDEX template_pkey ON public.template USING btree (organisation_id, template_id)
CREATE UNIQUE INDEX template_family_pkey ON public.template_family USING btree (organisation_id, code)
CREATE UNIQUE INDEX webhook_pkey ON public.webhook USING btree (organisation_id, webhook_id)
CREATE UNIQUE INDEX webhook_call_pkey ON public.webhook_call USING btree (organisation_id, webhook_id, seq, part)
CREATE INDEX webhook_call_waiting ON public.webhook_call USING btree (organisation_id, webhook_id, seq, part) WHERE ((outcome IS NULL) OR (outcome <> ALL (ARRAY['taken'::text, 'skipped'::text])))

-- Row policies
action: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
action_item: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
allocation: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
allocation_vat: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
assignment: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
bank_account: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
bank_line: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
bank_statement: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
bounce: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
contact: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
contact_made: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
customer: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
decision: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
document: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
document_file: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
document_status: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
entity: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
erased_address: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
event: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
event_head: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
fact_before: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
head_line: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold_comment: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold_file: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold_instalment: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold_item: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold_out: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold_out_customer: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
hold_step: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
import: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
import_change: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
import_mapping: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
import_problem: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
item: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
match: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
message: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
payer_memory: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
payer_refusal: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
profile: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
replay: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
run: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
scenario: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
scenario_draft: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
scenario_retired: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
segment_history: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
send_attempt: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
sending_halt: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
sent_elsewhere: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
template: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
template_family: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
webhook: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)
webhook_call: own_organisation ALL using (organisation_id = ( SELECT current_organisation() AS current_organisation)) check (organisation_id = ( SELECT current_organisation() AS current_organisation)) (forced)

-- Triggers
CREATE TRIGGER allocation_is_final BEFORE DELETE OR UPDATE ON public.allocation FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER allocation_projects AFTER INSERT ON public.allocation REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION project_allocations()
CREATE TRIGGER assignment_is_final BEFORE DELETE OR UPDATE ON public.assignment FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER decision_is_final BEFORE DELETE OR UPDATE ON public.decision FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER erased_address_is_final BEFORE DELETE OR UPDATE ON public.erased_address FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER event_is_final BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER event_is_kept BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
CREATE TRIGGER fact_before_is_final BEFORE DELETE OR UPDATE ON public.fact_before FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER head_line_is_final BEFORE DELETE OR UPDATE ON public.head_line FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER head_line_is_kept BEFORE TRUNCATE ON public.head_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
CREATE TRIGGER hold_comment_is_final BEFORE DELETE OR UPDATE ON public.hold_comment FOR EACH ROW EXECUTE FUNCTION comment_changes()
CREATE TRIGGER hold_file_is_final BEFORE DELETE OR UPDATE ON public.hold_file FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE CONSTRAINT TRIGGER plan_sums AFTER INSERT ON public.hold_instalment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_plan_sum()
CREATE CONSTRAINT TRIGGER plan_sums AFTER INSERT ON public.hold_item DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_plan_sum()
CREATE TRIGGER message_is_final BEFORE DELETE OR UPDATE ON public.message FOR EACH ROW EXECUTE FUNCTION message_changes()
CREATE TRIGGER replay_is_final BEFORE DELETE OR UPDATE ON public.replay FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER scenario_is_final BEFORE DELETE OR UPDATE ON public.scenario FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER segment_history_is_final BEFORE DELETE OR UPDATE ON public.segment_history FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER template_is_final BEFORE DELETE OR UPDATE ON public.template FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER webhook_call_is_fixed BEFORE UPDATE ON public.webhook_call FOR EACH ROW EXECUTE FUNCTION webhook_call_changes()

-- Functions
CREATE OR REPLACE FUNCTION public.address_key(kind text, value text)
 RETURNS bytea
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$ select sha256(i.suppression_key || convert_to(kind || ':' || case kind when 'phone' then regexp_replace(value, '[^0-9]', '', 'g') else lower(value) end, 'UTF8')) from installation i $function$

CREATE OR REPLACE FUNCTION public.check_plan_sum()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
  end $function$

CREATE OR REPLACE FUNCTION public.comment_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'body' = to_jsonb(old) - 'body' and new.body like '%[effacé]%' then return new; end if;
    raise exception 'a comment is only ever added' using errcode = 'integrity_constraint_violation';
  end $function$

CREATE OR REPLACE FUNCTION public.current_organisation()
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('acquit.organisation_id', true), '')::bigint $function$

CREATE OR REPLACE FUNCTION public.erase_messages(actions bigint[], at timestamp with time zone)
 RETURNS SETOF bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    update message m set erased_at = at, recipient = '', subject = '', body = '', mime = null, mime_sha256 = null, pdf = null, pdf_sha256 = null, model = '{}', salt = null
    where m.organisation_id = current_organisation() and m.action_id = any(actions) and m.erased_at is null returning m.action_id $function$

CREATE OR REPLACE FUNCTION public.erase_words(pattern text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  declare
    comments bigint;
    problems bigint;
  begin
    update hold_comment c set body = left(regexp_replace(c.body, pattern, '[effacé]', 'gi'), 4000) where c.organisation_id = current_organisation() and c.body ~* pattern;
    get diagnostics comments = row_count;
    update import_problem p set message_fr = regexp_replace(p.message_fr, pattern, '[effacé]', 'gi'), message_en = regexp_replace(p.message_en, pattern, '[effacé]', 'gi')
    where p.organisation_id = current_organisation() and (p.message_fr ~* pattern or p.message_en ~* pattern);
    get diagnostics problems = row_count;
    return comments + problems;
  end $function$

CREATE OR REPLACE FUNCTION public.known_sends(refs text[], codes text[], actions bigint[], fences integer[], keys text[], hashes text[])
 RETURNS TABLE(ref text, outcome text)
 LANGUAGE plpgsql
AS $function$
  declare
    one record;
  begin
    for one in select o.organisation_id, o.code from organisation o where o.code = any(codes) loop
      perform set_config('acquit.organisation_id', one.organisation_id::text, true);
      return query
        select n.ref, s.outcome from unnest(refs, codes, actions, fences, keys, hashes) as n(ref, code, action_id, fence, action_key, sha256)
        join send_attempt s on s.organisation_id = one.organisation_id and s.action_id = n.action_id and s.fence = n.fence and (s.started_at is not null or s.outcome = 'released')
        join action a on a.organisation_id = one.organisation_id and a.action_id = s.action_id
        left join message m on m.organisation_id = one.organisation_id and m.action_id = s.action_id
        where n.code = one.code and s.journal_ref is null and (n.action_key is null or a.action_key = n.action_key and (m.erased_at is not null or encode(coalesce(m.mime_sha256, m.pdf_sha256), 'hex') = n.sha256))
        union all
        select n.ref, s.outcome from unnest(refs, codes) as n(ref, code)
        join send_attempt s on s.organisation_id = one.organisation_id and s.journal_ref = n.ref where n.code = one.code
        union all
        select n.ref, e.outcome from unnest(refs, codes) as n(ref, code)
        join sent_elsewhere e on e.organisation_id = one.organisation_id and e.journal_ref = n.ref where n.code = one.code;
    end loop;
  end $function$

CREATE OR REPLACE FUNCTION public.message_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  begin
    if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null
      and (new.organisation_id, new.action_id, new.channel, new.header_id, new.template, new.composed_at) is not distinct from
        (old.organisation_id, old.action_id, old.channel, old.header_id, old.template, old.composed_at) then return new; end if;
    raise exception 'a message is only ever added, or erased whole' using errcode = 'integrity_constraint_violation';
  end $function$

CREATE OR REPLACE FUNCTION public.note_attempts(of_organisation bigint, actions bigint[], fences integer[], outcomes text[], responses text[], noted_at timestamp with time zone, noted_on date)
 RETURNS SETOF bigint
 LANGUAGE plpgsql
AS $function$
  begin
    perform set_config('acquit.organisation_id', of_organisation::text, true);
    return query
      update send_attempt s set started_at = coalesce(s.started_at, now()), outcome = n.outcome, response = n.response,
        finished_at = case when n.outcome is null then null else noted_at end, sent_on = case when n.outcome = 'accepted' then noted_on end
      from unnest(actions, fences, outcomes, responses) as n(action_id, fence, outcome, response)
      where s.organisation_id = of_organisation and s.action_id = n.action_id and s.fence = n.fence
        and s.outcome is null and (s.started_at is null) = (n.outcome is null)
      returning s.action_id;
  end $function$

CREATE OR REPLACE FUNCTION public.project_allocations()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
  end $function$

CREATE OR REPLACE FUNCTION public.refresh_statistics()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  begin
    if pg_try_advisory_xact_lock(4180007) then
      analyze item;
      analyze allocation;
      analyze customer;
    end if;
  end $function$

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin raise exception 'rows of % are only ever added', tg_table_name using errcode = 'integrity_constraint_violation'; end $function$

CREATE OR REPLACE FUNCTION public.server_identity()
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
  declare
    system text := 'unknown';
    timeline text := 'unknown';
  begin
    begin
      select c.system_identifier::text into system from pg_control_system() c;
    exception when insufficient_privilege or feature_not_supported then system := 'unknown';
    end;
    begin
      timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
    exception when insufficient_privilege or feature_not_supported or object_not_in_prerequisite_state then timeline := 'unknown';
    end;
    return jsonb_build_object('system', system, 'timeline', timeline, 'database', (select d.oid::text from pg_database d where d.datname = current_database()));
  end $function$

CREATE OR REPLACE FUNCTION public.skip_action_numbers(up_to bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  declare
    numbers regclass := pg_get_serial_sequence('public.action', 'action_id')::regclass;
    reached bigint;
  begin
    select last_value into reached from pg_sequences where schemaname = 'public' and sequencename = 'action_action_id_seq';
    if up_to > coalesce(reached, 0) then perform setval(numbers, up_to); end if;
  end $function$

CREATE OR REPLACE FUNCTION public.webhook_call_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  begin
    if (old.organisation_id, old.webhook_id, old.seq, old.part, old.call_id, old.type, old.body) is distinct from (new.organisation_id, new.webhook_id, new.seq, new.part, new.call_id, new.type, new.body) then
      raise exception 'what a call says never changes: a second try carries the bytes of the first';
    end if;
    if old.outcome in ('taken', 'skipped') and old.outcome is distinct from new.outcome then
      raise exception 'a call that is done stays done';
    end if;
    return new;
  end $function$


-- Rights of the login group
action: insert, select, update
action_item: insert, select
allocation: insert, select
allocation_vat: insert, select
app_user: insert, select, update
assignment: insert, select
bank_account: insert, select, update
bank_line: insert, select, update
bank_statement: insert, select, update
bounce: insert, select, update
contact: insert, select, update
contact_made: insert, select, update
customer: insert, select, update
decision: insert, select
document: insert, select, update
document_file: insert, select
document_status: insert, select, update
entity: insert, select, update
erased_address: insert, select
event: insert, select
event_head: insert, select, update
fact_before: insert, select
head_line: insert, select
hold: insert, select, update
hold_comment: insert, select
hold_file: insert, select
hold_instalment: insert, select
hold_item: insert, select
hold_out: insert, select, update
hold_out_customer: insert, select, update
hold_step: insert, select, update
import: insert, select, update
import_change: insert, select, update
import_mapping: delete, insert, select, update
import_problem: insert, select
installation: select
installation_freeze: insert, select, update
item: insert, select, update
match: insert, select, update
membership: insert, select, update
message: insert, select
organisation: insert, select, update
payer_memory: delete, insert, select, update
payer_refusal: delete, insert, select, update
profile: insert, select, update
replay: insert, select
run: insert, select, update
scenario: insert, select
scenario_draft: delete, insert, select, update
scenario_retired: delete, insert, select
schema_migration: insert, select, update
segment_history: insert, select
send_attempt: insert, select, update
sending_halt: insert, select, update
sent_elsewhere: insert, select, update
session: delete, insert, select, update
sign_in_link: delete, insert, select, update
template: insert, select
template_family: insert, select, update
webhook: insert, select, update
webhook_call: delete, insert, select, update
