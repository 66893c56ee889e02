-- What administrators were told of, so that nothing is told twice: `failure` and `recovery` of a
-- source, a plan `held` or `expired`.
create table notices (
  id bigint primary key,
  source text not null,
  event text not null,
  run bigint not null,
  plan bigint,
  at bigint not null,
  text text not null
);

-- Who has not taken a notice yet: `mail`, `webhook`.
create table notice_deliveries (
  notice bigint not null,
  channel text not null,
  primary key (notice, channel)
);
