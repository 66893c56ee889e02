-- More of what Asterisk writes, whole rows as JSON. `queue_members`: what agents and supervisors
-- changed about a member (paused, penalty); `iax_registrations`: phones of chan_iax2.
create table queue_members (
  uniqueid text primary key,
  fields text not null,
  changed_at bigint not null
);
create table iax_registrations (
  name text primary key,
  fields text not null,
  changed_at bigint not null
);
