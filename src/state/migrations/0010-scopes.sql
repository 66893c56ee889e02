-- What a token is good for, words with a space between. Those made before may do everything.
alter table tokens add column scopes text not null default 'administer';
alter table tokens add column used_at bigint;
alter table tokens add column used_from text;

-- Answers to changes that may be asked for again. `key`: digest of who asked and of his
-- Idempotency-Key; `asked`: digest of what was asked for.
create table done_requests (
  key text primary key,
  asked text not null,
  status bigint not null,
  body text not null,
  at bigint not null
);
create index done_requests_at on done_requests (at);
