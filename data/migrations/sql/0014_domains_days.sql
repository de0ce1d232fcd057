-- What came to a day of domains (1) and what left it (-1). Append-only and without a key, as touched_buckets is; filled in
-- the writing transaction, emptied by the refresh: a change of one domain costs no count of all that became known with it.
create table domain_changes (
  sign                smallint not null,
  day                 date not null,
  availability_status text not null,
  authority           smallint,
  value               numeric,
  expires_at          timestamptz
);

create or replace function touch_domains() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into domain_changes
      select c.sign, (c.created_date at time zone 'UTC')::date, c.status, c.authority, c.value, c.expires_at
      from old_rows o join new_rows n using (domain_name)
      cross join lateral (values
        (-1, o.created_date, o.availability_status, o.domain_authority, o.estimated_value, o.expires_at),
        (1, n.created_date, n.availability_status, n.domain_authority, n.estimated_value, n.expires_at)
      ) c (sign, created_date, status, authority, value, expires_at)
      where (o.availability_status, o.domain_authority, o.estimated_value, o.expires_at, o.created_date)
            is distinct from (n.availability_status, n.domain_authority, n.estimated_value, n.expires_at, n.created_date);
  elsif tg_op = 'INSERT' then
    insert into domain_changes
      select 1, (created_date at time zone 'UTC')::date, availability_status, domain_authority, estimated_value, expires_at
      from new_rows;
  else
    insert into domain_changes
      select -1, (created_date at time zone 'UTC')::date, availability_status, domain_authority, estimated_value, expires_at
      from old_rows;
  end if;
  if found then
    insert into touched_buckets values ('domains', date_trunc('hour', now(), 'UTC'), '');
  end if;
  return null;
end $$;

-- From here on the days are only added to: counted once more, with what is not yet refreshed.
lock table domains in share mode;
delete from touched_buckets where rollup = 'domains';
truncate rollup_domains_daily;
insert into rollup_domains_daily
select day, availability_status, count(*),
  count(*) filter (where availability_status = 'available' and estimated_value > 1000),
  count(*) filter (where expires_at < (day + 1)::timestamp at time zone 'UTC'),
  count(domain_authority), coalesce(sum(domain_authority), 0), max(domain_authority),
  count(estimated_value), coalesce(sum(estimated_value), 0), max(estimated_value)
from (select *, (created_date at time zone 'UTC')::date as day from domains) d group by 1, 2;
