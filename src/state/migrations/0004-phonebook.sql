-- Who may read the phone book: one token a phone. `ha1`: what HTTP Digest needs of it (RFC 7616).
create table phones (
  id bigint primary key,
  digest text not null unique,
  ha1 text not null,
  vendor text not null,
  view text not null,
  device text not null,
  created_at bigint not null,
  used_at bigint,
  used_from text,
  used_by text
);
