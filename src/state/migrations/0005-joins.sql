-- How people of a source were joined with those of another one, as long as any of them are kept:
-- the source may not be configured any more. JSON.
create table joins (
  source text primary key,
  rule text not null
);
