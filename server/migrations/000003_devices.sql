-- Devices: boxes behind any router that fetch their texts from us.

alter table numbers drop constraint numbers_responder_check;
alter table numbers add constraint numbers_responder_check check (responder in ('assistant', 'inbox', 'device'));

alter table messages drop constraint messages_author_check;
alter table messages add constraint messages_author_check
  check (author in ('contact', 'api', 'assistant', 'person', 'device'));

create table devices (
  organization_id uuid not null references organizations,
  id uuid not null,
  name text not null,
  -- 'open': an old client without a token, on a number that is open to it; it has registered this address of its own.
  access text not null default 'token' check (access in ('token', 'open')),
  ip text,
  -- The newest stream or poll: only that one is given texts, so that a dead connection that looks open gets none.
  connection uuid,
  last_seen_at timestamptz,
  last_taken_at timestamptz,
  -- Since when its queue has been over the limit; null: it isn't.
  over_limit_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  check ((access = 'open') = (ip is not null))
) with (fillfactor = 70);
-- Names address devices when they text each other; the old clients write them in lower case.
create unique index devices_by_name on devices (organization_id, lower(name));

create table device_tokens (
  hash bytea primary key,
  organization_id uuid not null,
  device_id uuid not null,
  created_at timestamptz not null default now(),
  -- Its first use ends the tokens it replaces; without one, they end at expires_at.
  used_at timestamptz,
  expires_at timestamptz,
  foreign key (organization_id, device_id) references devices on delete cascade
);
create index device_tokens_by_device on device_tokens (organization_id, device_id);

-- Several devices on one number, one device on several numbers.
create table device_numbers (
  organization_id uuid not null,
  number_id uuid not null,
  device_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, number_id, device_id),
  foreign key (organization_id, device_id) references devices on delete cascade,
  foreign key (organization_id, number_id) references numbers on delete cascade
);
create index device_numbers_by_device on device_numbers (organization_id, device_id);

-- Each time a text is leased it gets the next number: a device's place in what it was handed is the last of them it has seen. (Ids
-- would not do: a text that is offered again comes after younger ones.)
create sequence device_offers;

-- The queue of each device.
create table device_texts (
  organization_id uuid not null,
  device_id uuid not null,
  id uuid not null,
  -- The message it came from and the number it was sent to; null: another device wrote it.
  message_id uuid,
  conversation_id uuid,
  number_id uuid,
  from_address text not null,
  to_address text not null,
  body text not null,
  -- Addresses as another device gave them. Those of a message are in `media`.
  media_urls jsonb,
  status text not null default 'waiting' check (status in ('waiting', 'leased', 'taken', 'dead')),
  -- How often it was offered, and how often that failed: by a nack, or by a lease that ran out.
  attempts int not null default 0,
  failures int not null default 0,
  -- Its place in the queue, and when it may be offered. Kept when a text is put back at once, so that it keeps its place.
  run_at timestamptz not null default now(),
  lease_until timestamptz,
  offer bigint,
  -- Old clients: the response that held it went out whole, so it counts as taken at the next poll, and its lease doesn't run out.
  written_at timestamptz,
  reason text,
  created_at timestamptz not null default now(),
  taken_at timestamptz,
  primary key (organization_id, device_id, id),
  check ((status = 'leased') = (lease_until is not null)),
  check ((status = 'taken') = (taken_at is not null))
) with (fillfactor = 80);
create index device_texts_waiting on device_texts (organization_id, device_id, run_at, id) where status = 'waiting';
create index device_texts_leased on device_texts (organization_id, device_id, id) where status = 'leased';
create index device_texts_lapsing on device_texts (lease_until) where status = 'leased' and written_at is null;
create index device_texts_dead on device_texts (organization_id, device_id, id) where status = 'dead';

-- Texts to a number that a device answers, while it has none: they wait for the first one.
create table texts_without_device (
  organization_id uuid not null,
  number_id uuid not null,
  message_id uuid not null,
  primary key (organization_id, number_id, message_id)
);

-- Media of incoming texts, copied from the provider behind the acknowledgement.
create table media (
  organization_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  position smallint not null,
  provider_url text not null,
  status text not null default 'waiting' check (status in ('waiting', 'stored', 'failed')),
  attempts smallint not null default 0,
  run_at timestamptz not null default now(),
  lease_until timestamptz,
  -- As the provider announced it; once stored, as its bytes say.
  content_type text,
  bytes int,
  -- Where its bytes are: `disk:` and a name in DATA_DIR/media, or `s3:` and the key in the bucket.
  stored_as text,
  reason text,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, message_id, position),
  check ((status = 'stored') = (stored_as is not null))
);
create index media_waiting on media (run_at) where status = 'waiting';
-- A signed address names a medium alone.
create unique index media_by_id on media (id);
