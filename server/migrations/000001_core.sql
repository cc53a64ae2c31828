-- Every row carries its organization, and the key of every growing table begins with it: no statement joins two organizations,
-- so that these tables can be distributed by organization when one primary is not enough.

create table organizations (
  id uuid primary key,
  name text not null,
  slug text not null unique,
  logo text,
  metadata text,
  created_at timestamptz not null default now()
);

create table provider_accounts (
  id uuid primary key,
  organization_id uuid not null references organizations,
  provider text not null check (provider in ('twilio')),
  account_sid text not null,
  -- Encrypted with SECRET_KEY; null: the credentials are those of the settings and never stored.
  sealed_tokens bytea,
  api_url text,
  -- The opaque part of this account's webhook addresses; null: the addresses without one.
  webhook_key text unique,
  created_at timestamptz not null default now(),
  unique (organization_id, provider, account_sid)
);
create unique index provider_accounts_default on provider_accounts (provider) where webhook_key is null;

create table assistants (
  organization_id uuid not null references organizations,
  id uuid not null,
  name text not null,
  instructions text not null,
  model text not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);

create table numbers (
  organization_id uuid not null references organizations,
  id uuid not null,
  provider_account_id uuid not null references provider_accounts,
  phone_number text not null,
  messaging_service_sid text,
  responder text not null default 'inbox' check (responder in ('assistant', 'inbox')),
  assistant_id uuid,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (provider_account_id, phone_number),
  foreign key (organization_id, assistant_id) references assistants,
  check ((responder = 'assistant') = (assistant_id is not null))
);

create table contacts (
  organization_id uuid not null,
  id uuid not null,
  phone_number text not null,
  name text,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, phone_number)
);

create table conversations (
  organization_id uuid not null,
  id uuid not null,
  number_id uuid not null,
  contact_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, number_id, contact_id)
);

-- The messages table is the send queue itself. No foreign keys here: each costs a row lock per insert on the hottest path, and
-- the statements that insert take their ids from rows that are never deleted while messages point at them.
create table messages (
  organization_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  number_id uuid not null,
  direction text not null check (direction in ('inbound', 'outbound')),
  status text not null check (status in ('received', 'held', 'queued', 'sending', 'unknown', 'sent', 'delivered', 'read',
    'undelivered', 'failed', 'expired', 'canceled')),
  author text not null check (author in ('contact', 'api', 'assistant', 'person')),
  from_address text not null,
  to_address text not null,
  body text not null,
  media_urls jsonb,
  segments smallint not null,
  encoding text not null check (encoding in ('gsm7', 'ucs2')),
  -- 0 urgent, 1 high, 2 normal, 3 bulk
  priority smallint not null default 2 check (priority between 0 and 3),
  part_index smallint,
  part_count smallint,
  metadata jsonb,
  -- When a queued message may be claimed, a held one is released, an unknown one is looked up next.
  run_at timestamptz not null default now(),
  send_at timestamptz,
  expires_at timestamptz,
  hold_reason text,
  attempts smallint not null default 0,
  -- Of the attempt under way: when it began, and when nobody is believed to be working on it any more.
  attempt_at timestamptz,
  lease_until timestamptz,
  -- How often an unknown outcome was looked up at the provider since the attempt.
  lookups smallint not null default 0,
  provider_sid text,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  delivered_at timestamptz,
  primary key (organization_id, id),
  check ((direction = 'inbound') = (status = 'received')),
  check ((status = 'held') = (hold_reason is not null)),
  check ((status = 'sending') = (lease_until is not null)),
  check (status <> 'unknown' or attempt_at is not null)
);
-- One text in has one effect; one sid belongs to one message.
create unique index messages_by_sid on messages (organization_id, provider_sid) where provider_sid is not null;
create index messages_by_conversation on messages (organization_id, conversation_id, id);
create index messages_due on messages (priority, run_at, id) where status = 'queued';
create index messages_waiting on messages (run_at) where status in ('held', 'unknown');
create index messages_leased on messages (lease_until) where status = 'sending';
-- What keeps order in a conversation: the texts ahead of one that are not yet settled.
create index messages_ahead on messages (conversation_id, id) where status in ('queued', 'sending', 'unknown');
create index messages_expiring on messages (expires_at)
  where expires_at is not null and status in ('held', 'queued');

-- The order in which a status may change: a status never goes back. Twilio's callbacks come late, twice and shuffled.
create function status_rank(status text) returns smallint language sql immutable parallel safe
return case status
  when 'held' then 0 when 'queued' then 10 when 'sending' then 20 when 'unknown' then 25 when 'sent' then 30
  when 'delivered' then 40 when 'undelivered' then 40 when 'failed' then 40 when 'expired' then 40 when 'canceled' then 40
  when 'read' then 50 else -1 end;

-- What happened, in the transaction that made it happen. (tx, seq) is the order readers follow: a reader takes only rows whose
-- tx is older than every transaction under way, so that no row can appear behind its cursor.
create table events (
  tx xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  organization_id uuid not null,
  type text not null,
  at timestamptz not null default now(),
  conversation_id uuid,
  message_id uuid,
  status text,
  data jsonb not null,
  primary key (tx, seq)
);
create index events_by_message on events (message_id, seq) where message_id is not null;

-- One turn of an assistant: it answers every text of the conversation up to last_message_id.
create table turns (
  organization_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  assistant_id uuid not null,
  status text not null check (status in ('waiting', 'running', 'done', 'failed', 'skipped')),
  attempts smallint not null default 0,
  run_at timestamptz not null default now(),
  lease_until timestamptz,
  last_message_id uuid not null,
  reply_message_id uuid,
  error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (organization_id, id),
  check ((status = 'running') = (lease_until is not null)),
  check ((status in ('done', 'failed', 'skipped')) = (finished_at is not null))
);
create unique index turns_one_waiting on turns (conversation_id) where status = 'waiting';
create unique index turns_one_running on turns (conversation_id) where status = 'running';
create index turns_due on turns (run_at) where status = 'waiting';
create index turns_leased on turns (lease_until) where status = 'running';
create index turns_by_conversation on turns (organization_id, conversation_id, id);

-- Webhooks that could not be taken as they were: kept whole, with the reason, so that they can be replayed.
create table quarantine (
  id uuid primary key,
  organization_id uuid not null references organizations,
  provider_account_id uuid not null references provider_accounts,
  kind text not null check (kind in ('inbound', 'status')),
  reason text not null check (reason in ('missing_signature', 'wrong_url', 'wrong_token', 'altered_parameters',
    'unknown_number', 'unknown_message')),
  detail text not null,
  url text not null,
  signature text,
  raw_body text not null,
  fingerprint text not null,
  received_at timestamptz not null default now(),
  replayed_at timestamptz,
  unique (organization_id, fingerprint)
);
create index quarantine_by_organization on quarantine (organization_id, id);

create table api_keys (
  id uuid primary key,
  organization_id uuid not null references organizations,
  name text not null,
  prefix text not null,
  hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_by_organization on api_keys (organization_id, id);

-- Sign-in links printed at the start: one use, a short life, only the hash kept.
create table first_run_links (
  hash bytea primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);
