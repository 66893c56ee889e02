-- Several nodes on one state. Who synchronises: `epoch` grows with every holder, `beat` while one is
-- alive. `fenced` is where a write of an earlier holder fails: it may never be null.
create table leases (
  name text primary key,
  holder text,
  epoch bigint not null,
  beat bigint not null,
  fenced bigint not null
);
insert into leases (name, holder, epoch, beat, fenced) values ('sync', null, 0, 0, 1);

-- What the nodes changed, in the order of the commits, for the others to follow. Empty while there
-- is one node only.
create table changes (
  seq bigint primary key,
  node text not null,
  family text not null,
  key text not null,
  at bigint not null
);
