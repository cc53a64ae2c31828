create table accounts (
  id uuid not null,
  user_id uuid not null,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_provider_id_account_id_key UNIQUE (provider_id, account_id)
);
CREATE INDEX accounts_by_user ON public.accounts USING btree (user_id);

create table api_keys (
  id uuid not null,
  organization_id uuid not null,
  name text not null,
  prefix text not null,
  hash bytea not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_hash_key UNIQUE (hash)
);
CREATE INDEX api_keys_by_organization ON public.api_keys USING btree (organization_id, id);

create table assistants (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  instructions text not null,
  model text not null,
  created_at timestamp with time zone not null default now(),
  constraint assistants_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint assistants_pkey PRIMARY KEY (organization_id, id)
);

create table contacts (
  organization_id uuid not null,
  id uuid not null,
  phone_number text not null,
  name text,
  created_at timestamp with time zone not null default now(),
  constraint contacts_pkey PRIMARY KEY (organization_id, id),
  constraint contacts_organization_id_phone_number_key UNIQUE (organization_id, phone_number)
);

create table conversations (
  organization_id uuid not null,
  id uuid not null,
  number_id uuid not null,
  contact_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint conversations_pkey PRIMARY KEY (organization_id, id),
  constraint conversations_organization_id_number_id_contact_id_key UNIQUE (organization_id, number_id, contact_id)
);

create table device_numbers (
  organization_id uuid not null,
  number_id uuid not null,
  device_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint device_numbers_organization_id_device_id_fkey FOREIGN KEY (organization_id, device_id) REFERENCES devices(organization_id, id) ON DELETE CASCADE,
  constraint device_numbers_organization_id_number_id_fkey FOREIGN KEY (organization_id, number_id) REFERENCES numbers(organization_id, id) ON DELETE CASCADE,
  constraint device_numbers_pkey PRIMARY KEY (organization_id, number_id, device_id)
);
CREATE INDEX device_numbers_by_device ON public.device_numbers USING btree (organization_id, device_id);

create table device_texts (
  organization_id uuid not null,
  device_id uuid not null,
  id uuid not null,
  message_id uuid,
  conversation_id uuid,
  number_id uuid,
  from_address text not null,
  to_address text not null,
  body text not null,
  media_urls jsonb,
  status text not null default 'waiting'::text,
  attempts integer not null default 0,
  failures integer not null default 0,
  run_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone,
  offer bigint,
  written_at timestamp with time zone,
  reason text,
  created_at timestamp with time zone not null default now(),
  taken_at timestamp with time zone,
  constraint device_texts_check CHECK (((status = 'leased'::text) = (lease_until IS NOT NULL))),
  constraint device_texts_check1 CHECK (((status = 'taken'::text) = (taken_at IS NOT NULL))),
  constraint device_texts_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'leased'::text, 'taken'::text, 'dead'::text]))),
  constraint device_texts_pkey PRIMARY KEY (organization_id, device_id, id)
) with (fillfactor=80);
CREATE INDEX device_texts_dead ON public.device_texts USING btree (organization_id, device_id, id) WHERE (status = 'dead'::text);
CREATE INDEX device_texts_lapsing ON public.device_texts USING btree (lease_until) WHERE ((status = 'leased'::text) AND (written_at IS NULL));
CREATE INDEX device_texts_leased ON public.device_texts USING btree (organization_id, device_id, id) WHERE (status = 'leased'::text);
CREATE INDEX device_texts_waiting ON public.device_texts USING btree (organization_id, device_id, run_at, id) WHERE (status = 'waiting'::text);

create table device_tokens (
  hash bytea not null,
  organization_id uuid not null,
  device_id uuid not null,
  created_at timestamp with time zone not null default now(),
  used_at timestamp with time zone,
  expires_at timestamp with time zone,
  constraint device_tokens_organization_id_device_id_fkey FOREIGN KEY (organization_id, device_id) REFERENCES devices(organization_id, id) ON DELETE CASCADE,
  constraint device_tokens_pkey PRIMARY KEY (hash)
);
CREATE INDEX device_tokens_by_device ON public.device_tokens USING btree (organization_id, device_id);

create table devices (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  access text not null default 'token'::text,
  ip text,
  connection uuid,
  last_seen_at timestamp with time zone,
  last_taken_at timestamp with time zone,
  over_limit_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint devices_access_check CHECK ((access = ANY (ARRAY['token'::text, 'open'::text]))),
  constraint devices_check CHECK (((access = 'open'::text) = (ip IS NOT NULL))),
  constraint devices_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint devices_pkey PRIMARY KEY (organization_id, id)
) with (fillfactor=70);
CREATE UNIQUE INDEX devices_by_name ON public.devices USING btree (organization_id, lower(name));

create table events (
  tx xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity,
  organization_id uuid not null,
  type text not null,
  at timestamp with time zone not null default now(),
  conversation_id uuid,
  message_id uuid,
  status text,
  data jsonb not null,
  constraint events_pkey PRIMARY KEY (tx, seq)
);
CREATE INDEX events_by_message ON public.events USING btree (message_id, seq) WHERE (message_id IS NOT NULL);

create table first_run_links (
  hash bytea not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint first_run_links_pkey PRIMARY KEY (hash)
);

create table invitations (
  id uuid not null,
  organization_id uuid not null,
  email text not null,
  role text not null,
  status text not null default 'pending'::text,
  inviter_id uuid not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint invitations_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text]))),
  constraint invitations_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'accepted'::text, 'rejected'::text, 'canceled'::text]))),
  constraint invitations_inviter_id_fkey FOREIGN KEY (inviter_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE,
  constraint invitations_pkey PRIMARY KEY (id)
);
CREATE INDEX invitations_by_email ON public.invitations USING btree (email);
CREATE INDEX invitations_by_inviter ON public.invitations USING btree (inviter_id);
CREATE INDEX invitations_by_organization ON public.invitations USING btree (organization_id);

create table media (
  organization_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  "position" smallint not null,
  provider_url text not null,
  status text not null default 'waiting'::text,
  attempts smallint not null default 0,
  run_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone,
  content_type text,
  bytes integer,
  stored_as text,
  reason text,
  created_at timestamp with time zone not null default now(),
  constraint media_check CHECK (((status = 'stored'::text) = (stored_as IS NOT NULL))),
  constraint media_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'stored'::text, 'failed'::text]))),
  constraint media_pkey PRIMARY KEY (organization_id, id),
  constraint media_organization_id_message_id_position_key UNIQUE (organization_id, message_id, "position")
);
CREATE UNIQUE INDEX media_by_id ON public.media USING btree (id);
CREATE INDEX media_waiting ON public.media USING btree (run_at) WHERE (status = 'waiting'::text);

create table members (
  id uuid not null,
  organization_id uuid not null,
  user_id uuid not null,
  role text not null default 'member'::text,
  created_at timestamp with time zone not null default now(),
  constraint members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
  constraint members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE,
  constraint members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint members_pkey PRIMARY KEY (id),
  constraint members_organization_id_user_id_key UNIQUE (organization_id, user_id)
);
CREATE INDEX members_by_user ON public.members USING btree (user_id, created_at);

create table messages (
  organization_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  number_id uuid not null,
  direction text not null,
  status text not null,
  author text not null,
  from_address text not null,
  to_address text not null,
  body text not null,
  media_urls jsonb,
  segments smallint not null,
  encoding text not null,
  priority smallint not null default 2,
  part_index smallint,
  part_count smallint,
  metadata jsonb,
  run_at timestamp with time zone not null default now(),
  send_at timestamp with time zone,
  expires_at timestamp with time zone,
  hold_reason text,
  attempts smallint not null default 0,
  attempt_at timestamp with time zone,
  lease_until timestamp with time zone,
  lookups smallint not null default 0,
  provider_sid text,
  error_code text,
  error_message text,
  created_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  delivered_at timestamp with time zone,
  constraint messages_author_check CHECK ((author = ANY (ARRAY['contact'::text, 'api'::text, 'assistant'::text, 'person'::text, 'device'::text]))),
  constraint messages_check CHECK (((direction = 'inbound'::text) = (status = 'received'::text))),
  constraint messages_check1 CHECK (((status = 'held'::text) = (hold_reason IS NOT NULL))),
  constraint messages_check2 CHECK (((status = 'sending'::text) = (lease_until IS NOT NULL))),
  constraint messages_check3 CHECK (((status <> 'unknown'::text) OR (attempt_at IS NOT NULL))),
  constraint messages_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
  constraint messages_encoding_check CHECK ((encoding = ANY (ARRAY['gsm7'::text, 'ucs2'::text]))),
  constraint messages_priority_check CHECK (((priority >= 0) AND (priority <= 3))),
  constraint messages_status_check CHECK ((status = ANY (ARRAY['received'::text, 'held'::text, 'queued'::text, 'sending'::text, 'unknown'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'undelivered'::text, 'failed'::text, 'expired'::text, 'canceled'::text]))),
  constraint messages_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX messages_ahead ON public.messages USING btree (conversation_id, id) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text, 'unknown'::text]));
CREATE INDEX messages_by_conversation ON public.messages USING btree (organization_id, conversation_id, id);
CREATE UNIQUE INDEX messages_by_sid ON public.messages USING btree (organization_id, provider_sid) WHERE (provider_sid IS NOT NULL);
CREATE INDEX messages_due ON public.messages USING btree (priority, run_at, id) WHERE (status = 'queued'::text);
CREATE INDEX messages_expiring ON public.messages USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (status = ANY (ARRAY['held'::text, 'queued'::text])));
CREATE INDEX messages_leased ON public.messages USING btree (lease_until) WHERE (status = 'sending'::text);
CREATE INDEX messages_waiting ON public.messages USING btree (run_at) WHERE (status = ANY (ARRAY['held'::text, 'unknown'::text]));

create table numbers (
  organization_id uuid not null,
  id uuid not null,
  provider_account_id uuid not null,
  phone_number text not null,
  messaging_service_sid text,
  responder text not null default 'inbox'::text,
  assistant_id uuid,
  created_at timestamp with time zone not null default now(),
  constraint numbers_check CHECK (((responder = 'assistant'::text) = (assistant_id IS NOT NULL))),
  constraint numbers_responder_check CHECK ((responder = ANY (ARRAY['assistant'::text, 'inbox'::text, 'device'::text]))),
  constraint numbers_organization_id_assistant_id_fkey FOREIGN KEY (organization_id, assistant_id) REFERENCES assistants(organization_id, id),
  constraint numbers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint numbers_provider_account_id_fkey FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  constraint numbers_pkey PRIMARY KEY (organization_id, id),
  constraint numbers_provider_account_id_phone_number_key UNIQUE (provider_account_id, phone_number)
);

create table organizations (
  id uuid not null,
  name text not null,
  slug text not null,
  logo text,
  metadata text,
  created_at timestamp with time zone not null default now(),
  constraint organizations_pkey PRIMARY KEY (id),
  constraint organizations_slug_key UNIQUE (slug)
);

create table provider_accounts (
  id uuid not null,
  organization_id uuid not null,
  provider text not null,
  account_sid text not null,
  sealed_tokens bytea,
  api_url text,
  webhook_key text,
  created_at timestamp with time zone not null default now(),
  constraint provider_accounts_provider_check CHECK ((provider = 'twilio'::text)),
  constraint provider_accounts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint provider_accounts_pkey PRIMARY KEY (id),
  constraint provider_accounts_organization_id_provider_account_sid_key UNIQUE (organization_id, provider, account_sid),
  constraint provider_accounts_webhook_key_key UNIQUE (webhook_key)
);
CREATE UNIQUE INDEX provider_accounts_default ON public.provider_accounts USING btree (provider) WHERE (webhook_key IS NULL);

create table quarantine (
  id uuid not null,
  organization_id uuid not null,
  provider_account_id uuid not null,
  kind text not null,
  reason text not null,
  detail text not null,
  url text not null,
  signature text,
  raw_body text not null,
  fingerprint text not null,
  received_at timestamp with time zone not null default now(),
  replayed_at timestamp with time zone,
  constraint quarantine_kind_check CHECK ((kind = ANY (ARRAY['inbound'::text, 'status'::text]))),
  constraint quarantine_reason_check CHECK ((reason = ANY (ARRAY['missing_signature'::text, 'wrong_url'::text, 'wrong_token'::text, 'altered_parameters'::text, 'unknown_number'::text, 'unknown_message'::text]))),
  constraint quarantine_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint quarantine_provider_account_id_fkey FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  constraint quarantine_pkey PRIMARY KEY (id),
  constraint quarantine_organization_id_fingerprint_key UNIQUE (organization_id, fingerprint)
);
CREATE INDEX quarantine_by_organization ON public.quarantine USING btree (organization_id, id);

create table schema_migrations (
  version integer not null,
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pkey PRIMARY KEY (version)
);

create table sessions (
  id uuid not null,
  user_id uuid not null,
  token text not null,
  active_organization_id uuid,
  ip_address text,
  user_agent text,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint sessions_active_organization_id_fkey FOREIGN KEY (active_organization_id) REFERENCES organizations(id) ON DELETE SET NULL,
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_key UNIQUE (token)
);
CREATE INDEX sessions_by_organization ON public.sessions USING btree (active_organization_id);
CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);
CREATE INDEX sessions_expiring ON public.sessions USING btree (expires_at);

create table texts_without_device (
  organization_id uuid not null,
  number_id uuid not null,
  message_id uuid not null,
  constraint texts_without_device_pkey PRIMARY KEY (organization_id, number_id, message_id)
);

create table turns (
  organization_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  assistant_id uuid not null,
  status text not null,
  attempts smallint not null default 0,
  run_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone,
  last_message_id uuid not null,
  reply_message_id uuid,
  error text,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  constraint turns_check CHECK (((status = 'running'::text) = (lease_until IS NOT NULL))),
  constraint turns_check1 CHECK (((status = ANY (ARRAY['done'::text, 'failed'::text, 'skipped'::text])) = (finished_at IS NOT NULL))),
  constraint turns_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'skipped'::text]))),
  constraint turns_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX turns_by_conversation ON public.turns USING btree (organization_id, conversation_id, id);
CREATE INDEX turns_due ON public.turns USING btree (run_at) WHERE (status = 'waiting'::text);
CREATE INDEX turns_leased ON public.turns USING btree (lease_until) WHERE (status = 'running'::text);
CREATE UNIQUE INDEX turns_one_running ON public.turns USING btree (conversation_id) WHERE (status = 'running'::text);
CREATE UNIQUE INDEX turns_one_waiting ON public.turns USING btree (conversation_id) WHERE (status = 'waiting'::text);

create table two_factors (
  id uuid not null,
  user_id uuid not null,
  secret text not null,
  backup_codes text not null,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamp with time zone,
  constraint two_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint two_factors_pkey PRIMARY KEY (id),
  constraint two_factors_user_id_key UNIQUE (user_id)
);

create table users (
  id uuid not null,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint users_pkey PRIMARY KEY (id),
  constraint users_email_key UNIQUE (email)
);

create table verifications (
  id uuid not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint verifications_pkey PRIMARY KEY (id)
);
CREATE INDEX verifications_by_identifier ON public.verifications USING btree (identifier);
CREATE INDEX verifications_expiring ON public.verifications USING btree (expires_at);

CREATE OR REPLACE FUNCTION public.status_rank(status text)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 'held'::text THEN 0 WHEN 'queued'::text THEN 10 WHEN 'sending'::text THEN 20 WHEN 'unknown'::text THEN 25 WHEN 'sent'::text THEN 30 WHEN 'delivered'::text THEN 40 WHEN 'undelivered'::text THEN 40 WHEN 'failed'::text THEN 40 WHEN 'expired'::text THEN 40 WHEN 'canceled'::text THEN 40 WHEN 'read'::text THEN 50 ELSE '-1'::integer END
;

create sequence device_offers;
