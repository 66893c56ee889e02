-- The last good people, one row each. `claims`: JSON [[key, run], ...], since which run a person
-- wants each internal id, so that the earlier owner keeps it.
create table people (
  id text primary key,
  source text not null,
  data text not null,
  claims text not null,
  changed_at bigint not null
);
create index people_source on people (source);

-- When each source was last read completely: ages are counted from here, never from a failure.
create table sources (
  name text primary key,
  read_at bigint not null,
  run bigint not null
);

-- Sealed with AES-256-GCM. `given`: keyed digest of the directory's value when it was last taken
-- over, so that a PIN changed by its owner survives until the directory really says another.
create table secrets (
  person text not null,
  kind text not null,
  sealed text not null,
  given text,
  changed_at bigint not null,
  primary key (person, kind)
);

-- What Asterisk writes: ps_contacts (chan_pjsip) and registrations (chan_sip), whole rows as JSON.
create table contacts (
  id text primary key,
  fields text not null,
  changed_at bigint not null
);
create table registrations (
  name text primary key,
  fields text not null,
  changed_at bigint not null
);

create table runs (
  id bigint primary key,
  source text not null,
  reason text not null,
  started_at bigint not null,
  finished_at bigint not null,
  outcome text not null,
  report text not null
);
create index runs_source on runs (source, id);

create table tokens (
  digest text primary key,
  name text not null,
  created_at bigint not null
);
