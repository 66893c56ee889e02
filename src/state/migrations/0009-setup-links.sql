-- Addresses under which a telephone gets its account, once. Only digests of them are kept.
create table setup_links (
  digest text primary key,
  person text not null,
  expires_at bigint not null
);
