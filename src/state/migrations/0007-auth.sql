-- People without an entry in any directory who may sign in. `hash`: argon2id with its parameters.
create table accounts (
  name text primary key,
  role text not null,
  hash text not null,
  changed_at bigint not null
);

-- Who is signed in. Only digests of the cookies are kept. `subject`: `account/NAME` or `person/ID`.
create table sessions (
  digest text primary key,
  subject text not null,
  created_at bigint not null,
  seen_at bigint not null
);
create index sessions_subject on sessions (subject);

-- Who did what. `kind`: change, sign-in, or refusal, of which fewer are kept.
create table audit (
  id bigint primary key,
  at bigint not null,
  kind text not null,
  actor text not null,
  address text not null,
  action text not null,
  target text not null,
  outcome text not null
);
create index audit_kind on audit (kind, id);
