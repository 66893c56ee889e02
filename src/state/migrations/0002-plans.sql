-- What is known of a person beside the directory: missing since when, an administrator's word.
-- JSON; null for nearly everybody.
alter table people add column standing text;

-- Milliseconds and complete reads that a source has counted: how long people have been missing is
-- measured by these, never by the machine's clock alone.
alter table sources add column clock bigint not null default 0;
alter table sources add column reads bigint not null default 0;

-- Runs that changed too much to be believed. `status`: held, approved, rejected, expired, or gone
-- (the difference was another one, or none, when the source was read again).
create table plans (
  id bigint primary key,
  source text not null,
  digest text not null,
  status text not null,
  made_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  decided_at bigint,
  run bigint not null,
  content text not null
);
create index plans_source on plans (source, status);

-- Changes of rejected plans, not to be proposed again until they are other ones.
create table rejections (
  source text not null,
  person text not null,
  print text not null,
  plan bigint not null,
  primary key (source, person)
);
